import ChildProcess
import Diagnostics
import Testing

private let path = ["PATH": "/usr/bin:/bin"]

@Suite struct ChildTests {
    @Test func `a child gets its arguments as they are, one by one`() async throws {
        let arguments = ["%s|", "a b", "$HOME", "`id`", "; rm -rf /", "", "-n", "ünï"]
        let result = try await Child("printf", arguments, environment: path).run()
        #expect(result.outputText == "a b|$HOME|`id`|; rm -rf /||-n|ünï|")
        #expect(result.status.isSuccess)
    }

    @Test func `a child's environment is exactly what is given`() async throws {
        let result = try await Child("/usr/bin/env", environment: ["ONLY": "this=that"]).run()
        #expect(result.outputText == "ONLY=this=that\n")
    }

    @Test func `a child reads its input and then the end`() async throws {
        let input = [UInt8](repeating: 0x61, count: 3_000_000)
        let result = try await Child("cat", environment: path, input: input, outputLimit: 4_000_000).run()
        #expect(result.standardOutput == input)
    }

    @Test func `a child that never reads its input does no harm`() async throws {
        let input = [UInt8](repeating: 0x61, count: 3_000_000)
        let result = try await Child("true", environment: path, input: input).run()
        #expect(result.status.isSuccess)
    }

    @Test func `a child without input meets the end at once`() async throws {
        #expect(try await Child("cat", environment: path).run().standardOutput.isEmpty)
    }

    @Test func `an exit code is a result and standard error is kept apart`() async throws {
        let result = try await Child("ls", ["/nonexistent"], environment: path).run()
        #expect(result.status == .exited(2))
        #expect(result.standardOutput.isEmpty)
        #expect(result.errorText.contains("/nonexistent"))
    }

    @Test func `a child works in the directory it is given`() async throws {
        let result = try await Child("pwd", environment: path, workingDirectory: "/usr").run()
        #expect(result.outputText == "/usr\n")
    }

    @Test(arguments: ["no-such-program", "/no/such/program", "relative/program", ""])
    func `a program that is not there is an error of its own`(name: String) async throws {
        let error = await #expect(throws: ChildError.self) { try await Child(name, environment: path).run() }
        #expect(error?.kind == .executableNotFound)
        #expect(error?.sluiceError.code == "child.executable-not-found")
        #expect(error?.sluiceError.kind == .stalled)
    }

    @Test func `a relative entry of PATH is not looked into`() async throws {
        let child = Child("true", environment: ["PATH": ".:bin:"], workingDirectory: "/usr")
        let error = await #expect(throws: ChildError.self) { try await child.run() }
        #expect(error?.kind == .executableNotFound)
    }

    @Test func `a text with a NUL byte is refused and not cut`() async throws {
        let children = [
            Child("echo", ["a\0b"], environment: path),
            Child("echo", environment: ["PATH": "/bin", "A": "b\0c"]),
        ]
        for child in children {
            let error = await #expect(throws: ChildError.self) { try await child.run() }
            #expect(error?.kind == .invalidArgument)
        }
    }

    @Test func `neither a child nor its error shows arguments, environment or input`() async throws {
        let child = Child(
            "/usr/bin/tail", ["--canary-a", "-f", "/dev/null"], environment: ["PASSWORD": "canary-b"],
            input: Array("canary-c".utf8), deadline: .zero)
        let error = await #expect(throws: ChildError.self) { try await child.run() }
        var dumped = ""
        dump(child, to: &dumped)
        let texts = ["\(child)", String(reflecting: child), dumped, error.debugDescription]
        for text in texts { #expect(!text.contains("canary")) }
        #expect(error?.program == "tail")
    }

    @Test func `many children at a time all end and each has its own output`() async throws {
        try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for number in 0..<64 {
                group.addTask { (number, try await Child("echo", ["\(number)"], environment: path).run().outputText) }
            }
            for try await (number, text) in group { #expect(text == "\(number)\n") }
        }
    }

    @Test func `the kernel stops a child that writes too large a file`() async throws {
        let child = Child(
            "dd", ["if=/dev/zero", "of=/tmp/sluice-child-test-\(UInt64.random(in: 0 ... .max))", "bs=1k", "count=64"],
            environment: path, resources: .init(fileSize: 4096, addressSpace: 1 << 30))
        let output = try #require(child.arguments.dropFirst().first?.dropFirst(3))
        let result = try await child.run()
        _ = try await Child("rm", [String(output)], environment: path).run()
        #expect(!result.status.isSuccess)
    }
}
