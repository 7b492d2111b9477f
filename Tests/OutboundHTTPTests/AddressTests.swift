import Diagnostics
import OutboundHTTP
import Testing

@Suite("Addresses that may be reached")
struct AddressTests {
    private let policy = AddressPolicy()

    /// Forms of URLs that lead, or look as if they led, inside. Each is refused as a text or by its address.
    static let innerForms = [
        "https://127.0.0.1/", "https://127.1/", "https://127.0.1/", "https://2130706433/", "https://0x7f000001/",
        "https://0x7f.0.0.1/", "https://0x7F.1/", "https://017700000001/", "https://0177.0.0.1/", "https://0/",
        "https://0.0.0.0/", "https://127.0.0.1./", "https://127.255.255.254/", "https://127.000.000.001/",
        "https://10.0.0.5/", "https://172.16.0.1/", "https://172.31.255.255/", "https://192.168.1.1/",
        "https://100.64.0.1/", "https://100.127.255.255/", "https://169.254.169.254/latest/meta-data/",
        "https://169.254.170.2/", "https://100.100.100.200/", "https://168.63.129.16/", "https://224.0.0.1/",
        "https://255.255.255.255/", "https://240.0.0.1/", "https://192.0.0.192/", "https://198.18.0.1/",
        "https://[::1]/", "https://[::]/", "https://[0:0:0:0:0:0:0:1]/", "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/", "https://[::ffff:169.254.169.254]/", "https://[::127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/", "https://[64:ff9b::169.254.169.254]/", "https://[64:ff9b:1::1]/",
        "https://[2002:7f00:1::]/", "https://[2002:a9fe:a9fe::]/", "https://[2001:0:7f00:1::]/", "https://[fe80::1]/",
        "https://[fe80::1%25eth0]/", "https://[fc00::1]/", "https://[fd00:ec2::254]/", "https://[ff02::1]/",
        "https://[fec0::1]/", "https://[100::1]/", "https://[::ffff:0:127.0.0.1]/", "https://1.1.1.1@127.0.0.1/",
        "https://example.org:443@127.0.0.1/", "https://example.org@/", "https://127.0.0.1%2f@example.org/",
        "https://example.org\\@127.0.0.1/", "https://127。0。0。1/", "https://①②⑦.⓪.⓪.①/", "https://ⓔxample.org/",
        "https://example.org%00.127.0.0.1/", "https://%31%32%37.0.0.1/", "https://127.0.0.1\r\nHost: x/",
        "https://example.org/\r\nX-Evil: 1", "https://[::1", "https://[127.0.0.1]/", "https:///127.0.0.1/",
        "https://:443/", "https://127.0.0.1:0443443/", "https://127.0.0.1#@example.org/", "https:127.0.0.1/",
        "//127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_INFO", "ftp://127.0.0.1/", "HTTPS://127.0.0.1/",
        "https://1.2.3.0x7f/", "https://1.2.3/", "https://example.0x1/",
    ]

    @Test("B-04: no form of a URL leads to this machine, its network or the cloud's metadata", arguments: innerForms)
    func inside(_ text: String) async throws {
        let resolver = ScriptedResolver([:])
        do {
            let url = try OutboundURL(text)
            _ = try await DestinationGuard(policy: policy, resolver: resolver).addresses(for: url)
            Issue.record("\(text) was let through")
        } catch let error as SluiceError {
            #expect(["outbound.url-invalid", "outbound.address-denied"].contains(error.code))
            #expect(error.kind == .stalled)
        }
        #expect(await resolver.questions == 0)
    }

    @Test(
        "public addresses are reached",
        arguments: [
            "1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.255.255", "100.128.0.1", "169.253.1.1",
            "11.0.0.1",
            "2606:4700:4700::1111", "2a00:1450:4001:82f::200e", "64:ff9b::101:101", "::ffff:8.8.8.8", "2002:808:808::1",
        ])
    func outside(_ text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(policy.denial(of: address) == nil)
    }

    @Test(
        "an address reads back as it was written",
        arguments: ["192.0.2.1", "::1", "2001:db8::5:0:0:1", "::ffff:1.2.3.4"])
    func text(_ text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == text)
    }

    @Test(
        "B-04: one denied address among several refuses the host",
        arguments: [["93.184.216.34", "127.0.0.1"], ["127.0.0.1", "93.184.216.34"], ["2606:4700::1", "fd00::1"]])
    func mixed(_ addresses: [String]) async throws {
        let resolver = ScriptedResolver(["forge.example": [addresses.compactMap { IPAddress($0) }]])
        let guarded = DestinationGuard(policy: policy, resolver: resolver)
        await expectFailure("outbound.address-denied") {
            try await guarded.addresses(for: try OutboundURL("https://forge.example/"))
        }
    }

    @Test("a host that the operator names is reached wherever it is, and without TLS")
    func trusted() async throws {
        let resolver = ScriptedResolver(["gerrit": [[try #require(IPAddress("10.1.2.3"))]]])
        let guarded = DestinationGuard(policy: AddressPolicy(trusting: ["Gerrit:8080"]), resolver: resolver)
        let found = try await guarded.addresses(for: try OutboundURL("http://gerrit:8080/a/"))
        #expect(found.map(\.description) == ["10.1.2.3"])
        await expectFailure("outbound.plain-refused") {
            try await guarded.addresses(for: try OutboundURL("http://gerrit:8081/a/"))
        }
        await expectFailure("outbound.address-denied") {
            try await guarded.addresses(for: try OutboundURL("https://gerrit:5432/"))
        }
    }

    @Test("segments and values of a query are encoded whole")
    func encoding() throws {
        let base = try OutboundURL("https://gitlab.example/sub/")
        let url = base.appending(["api", "v4", "projects", "a/b c", "é?#&.."], query: [("q", "x y&z=1")])
        #expect(
            url.description
                == "https://gitlab.example/sub/api/v4/projects/a%2Fb%20c/%C3%A9%3F%23%26..?q=x%20y%26z%3D1")
    }

    @Test(
        "an odd URL is refused",
        arguments: [
            "https://example.org/a/../b", "https://example.org/%2e%2E/b", "https://example.org//b",
            "https://-a.example/",
            "https://a..b/", "https://example.org:0/", "https://example.org:65536/", "https://example.org:/",
            "https://example.org/\u{0}", "https://example.org/a b", "", "https://",
        ])
    func odd(_ text: String) {
        #expect(throws: SluiceError.self) { try OutboundURL(text) }
    }
}
