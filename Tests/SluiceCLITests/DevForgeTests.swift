import ForgeDoubles
import Foundation
import Logging
import Terminal
import TestSupport
import Testing

@testable import SluiceCLI

@Suite("A stand-in for a forge on one machine")
struct DevForgeTests {
    @Test("It makes its accounts once, in files that only we can read")
    func accounts() async throws {
        try await withTemporaryDirectory("dev") { directory in
            var random = SystemRandomNumberGenerator()
            _ = try DevForgeAccounts.prepare(in: directory, using: &random)
            let path = DevForgeAccounts.tokenFile(of: DevForgeAccounts.sluice, in: directory)
            let first = try String(contentsOfFile: path, encoding: .utf8)
            _ = try DevForgeAccounts.prepare(in: directory, using: &random)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == first)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("The project begins with a master that can be cloned", arguments: ForgeType.allCases)
    func project(_ type: ForgeType) async throws {
        try await withTemporaryDirectory("dev") { directory in
            let double = try ForgeDouble(
                ForgeDoubleConfiguration(type: type, directory: directory, now: { Date() }),
                logger: Logger(label: "test"))
            var random = SystemRandomNumberGenerator()
            let accounts = try DevForgeAccounts.prepare(in: directory, using: &random)
            for _ in 0..<2 { try await accounts.introduce(to: double, project: "land/registry") }
            let head = try await double.administer { try await $0.head(of: "master", in: "land/registry") }
            #expect(head != nil)
        }
    }

    @Test("What it says next names the clone URL, the tokens' files and a Forge", arguments: ForgeType.allCases)
    func welcome(_ type: ForgeType) {
        let welcome = DevForgeWelcome(type: type, directory: "/tmp/x", project: "land/registry")
        let text = welcome.lines(at: "http://127.0.0.1:8080").joined(separator: "\n")
        #expect(text.contains("http://author@127.0.0.1:8080/"))
        #expect(text.contains("/tmp/x/tokens/sluice") && text.contains("/tmp/x/tokens/git-credentials"))
        #expect(text.contains("type: \(type.rawValue)") && text.contains("url: http://127.0.0.1:8080"))
        #expect(text.contains("sluice serve --trust-host 127.0.0.1:8080"))
        #expect(text.contains(type == .gerrit ? "refs/for/master" : "curl -"))
    }

    @Test("A project that is no group/name is refused")
    func badProject() async {
        let run = await Invocation.run("dev", "forge", "--type", "github", "--directory", "/tmp/x", "--project", "../x")
        #expect(run.status == .usage)
    }
}
