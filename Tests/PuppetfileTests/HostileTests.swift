import Diagnostics
import Foundation
import Puppetfile
import TestSupport
import Testing

@Suite("Puppetfiles that mean harm")
struct HostileTests {
    @Test("Reading a file that runs programs runs nothing")
    func runsNothing() async throws {
        try await withTemporaryDirectory { directory in
            let marker = "\(directory)/ran"
            let text = """
                system("touch \(marker)")
                mod `touch \(marker)`.strip, "#{`touch \(marker)`}"
                File.write('\(marker)', '')
                """
            let reading = PuppetfileReader().read(Array(text.utf8), file: "Puppetfile")
            #expect(reading.codes == ["not-literal", "not-literal"])
            #expect(!FileManager.default.fileExists(atPath: marker))
        }
    }

    @Test("No password is repeated in a finding")
    func secrets() {
        let text = """
            mod 'a', svn: 'u', rev: 1, username: 'me', password: :geheim
            mod 'b', git: 'https://me:geheim@host/u', tag: '1'
            """
        let reading = read(text)
        #expect(reading.findings.count == 2)
        #expect(!reading.findings.description.contains("geheim"))
    }

    @Test("What is too large is refused before it is read, and mistakes end in a bounded list")
    func limits() {
        let many = String(repeating: "mod 'a'\n", count: 50)
        #expect(read(many, limits: PuppetfileLimits(fileSize: 399)).codes == ["limit-exceeded"])
        #expect(read(many, limits: PuppetfileLimits(findings: 7)).codes.count == 7)
        let modules = read("mod 'a/b', '1.0.0'\nmod 'c/d', '1.0.0'", limits: PuppetfileLimits(modules: 1))
        #expect(modules.codes == ["limit-exceeded"] && modules.pins.count == 1)
        #expect(PuppetfileReader().read([0x6D, 0x0A, 0xC3, 0x28], file: "x").places == ["2:1"])
    }

    @Test("No sequence of tokens makes the reader fail", arguments: 0..<40)
    func anyTokens(_ seed: UInt64) {
        let pieces = [
            "mod", "forge", "moduledir", "exclusion", " ", "\n", ",", "(", ")", "{", "}", "=>", "'a/b'", "\"c\"",
            ":git",
            "git:", "tag:", "'1.0.0'", "12", "true", "nil", ";", "#", "\\", "=begin", "=end", "__END__", "<<<<<<< x",
            "'",
            "\"", "end", ":", "::", "é", "%w[", "local: true",
        ]
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        for _ in 0..<200 {
            var text = ""
            for _ in 0..<24 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(state >> 33) % pieces.count]
                if state & 1 == 0 { text += " " }
            }
            let reading = read(text, .warn)
            #expect(reading.isAccepted || !reading.findings.isEmpty)
        }
    }
}
