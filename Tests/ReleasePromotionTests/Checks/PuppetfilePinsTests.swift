import DesiredState
import Testing

@testable import ReleasePromotion

@Suite("The pins of a Puppetfile")
struct PuppetfilePinsTests {
    @Test("are read by installed name, the same for the same file however often, and as far as it can be read")
    func reading() throws {
        let rules = ControlRepositorySpec(
            forge: "f", project: "p", stages: ["uat"], checks: ControlChecks(puppetfile: "sub/Puppetfile"))
        let reading = PuppetfilePins.reading(rules)
        func pins(_ text: String?) throws -> [String: String]? {
            try reading { path in path == "sub/Puppetfile" ? text.map { Array($0.utf8) } : nil }
        }
        let one = "mod 'puppetlabs/ntp', '8.5.0'\nmod 'edge', git: 'u', tag: 'v1'\n"
        for _ in 0..<2 {
            #expect(try pins(one) == ["ntp": "8.5.0", "edge": "tag v1"])
            #expect(try pins(one.replacing("v1", with: "v2")) == ["ntp": "8.5.0", "edge": "tag v2"])
            #expect(try pins("mod 'a/b', '1.0.0'\nmod \(#"#{x}"#)\n")?["b"] == "1.0.0")
            #expect(try pins(nil) == nil)
            #expect(try pins("") == [:])
        }
    }
}
