import DesiredState
import Diagnostics
import Testing

@Suite struct SecretResolverTests {
    private struct Missing: Error {}

    private func resolver(_ file: [UInt8]? = nil) -> SecretResolver {
        SecretResolver(environment: ["URI": "postgres://h", "EMPTY": ""]) { _, _ in
            guard let file else { throw Missing() }
            return file
        }
    }

    @Test("A secret comes from the environment or a file, without the newline that editors put at its end")
    func found() throws {
        #expect(try resolver().resolve(.environment("URI")).reveal() == "postgres://h")
        #expect(try resolver(Array("a\nb\n".utf8)).resolve(.file("/x")).reveal() == "a\nb")
        #expect(try resolver(Array("a\r\n".utf8)).resolve(.file("/x")).reveal() == "a")
    }

    @Test("A secret that may still come is tried again; the error names the place and no more")
    func missing() {
        let variable = #expect(throws: SluiceError.self) { try resolver().resolve(.environment("NONE")) }
        #expect(variable?.code == "secret.unavailable")
        #expect(variable?.kind == .transient)
        #expect(variable?.message == "the environment variable NONE is not set")
        let file = #expect(throws: SluiceError.self) { try resolver().resolve(.file("/run/secret")) }
        #expect(file?.message == "the file /run/secret cannot be read")
    }

    @Test(
        "What cannot be a secret is refused without being repeated",
        arguments: [[], [0x0A], [0x61, 0, 0x62], [0x61, 0xFF], Array(repeating: 0x61, count: 70_000)] as [[UInt8]])
    func invalid(_ bytes: [UInt8]) {
        let error = #expect(throws: SluiceError.self) { try resolver(bytes).resolve(.file("/x")) }
        #expect(error?.code == "secret.invalid")
        #expect(error.map { String(reflecting: $0).contains("aaaa") } == false)
    }

    @Test("Devices and endless files are not read")
    func devices() {
        let resolver = SecretResolver(environment: [:])
        for path in ["/dev/zero", "/dev/tty", "/tmp"] {
            #expect(throws: SluiceError.self) { try resolver.resolve(.file(path)) }
        }
    }
}
