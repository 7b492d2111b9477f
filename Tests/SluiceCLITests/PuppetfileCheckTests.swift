import Foundation
import Terminal
import TestSupport
import Testing

@testable import SluiceCLI

@Suite("The check of Puppetfiles")
struct PuppetfileCheckTests {
    @Test("A sound Puppetfile is accepted without a word of data, and counted")
    func sound() async throws {
        let result = try await check("mod 'a/b', '1.0.0'\nmod 'c', local: true\n")
        #expect(result.status == .ok && result.output.isEmpty)
        #expect(result.talk == "2 modules, 0 mistakes, 0 warnings\n")
    }

    @Test("Each finding is one line with its place, and the exit code says that the file is refused")
    func mistakes() async throws {
        let result = try await check("mod 'a/b', :latest\nmod 'c/d', '8.x'\n")
        #expect(result.status == .invalid)
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.contains("Puppetfile:1:1: warning: ") == true)
        #expect(lines.last?.contains("Puppetfile:2:12: the text '8.x' is no version") == true)
        #expect(result.talk == "1 module, 1 mistake, 1 warning\n")
    }

    @Test("Pins that move are warned about, refused or accepted", arguments: ["warn", "refuse", "accept"])
    func moving(_ policy: String) async throws {
        let result = try await check("mod 'a/b', :latest\n", "--moving-pins", policy)
        #expect(result.status == (policy == "refuse" ? .invalid : .ok))
        #expect(result.output.isEmpty == (policy == "accept"))
    }

    @Test("As JSON the answer has the modules with their pins, and no passwords")
    func json() async throws {
        let result = try await check("mod 'a', git: 'https://me:geheim@host/a', tag: 'v1'\n", "-o", "json")
        let answer = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]]
        let modules = answer?.first?["modules"] as? [[String: Any]]
        #expect(modules?.first?["pin"] as? String == "tag v1" && modules?.first?["moving"] as? Bool == false)
        #expect(answer?.first?["accepted"] as? Bool == true)
        #expect(!result.output.contains("geheim"))
    }

    @Test("What is piped in is read, and what is not there is said not to be")
    func input() async {
        let piped = await Invocation.record { context in
            var context = context
            context.input = { _ in Array("mod 'a/b'".utf8) }
            return await Sluice.run(["puppetfile", "check", "-"], in: context)
        }
        #expect(piped.output.hasPrefix("Puppetfile:1:1: warning: ") && piped.status == .ok)
        let missing = await Invocation.run("puppetfile", "check", "/nonexistent/Puppetfile")
        #expect(missing.status == .notFound && missing.talk.contains("/nonexistent/Puppetfile"))
    }

    private func check(_ text: String, _ options: String...) async throws -> Invocation {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/Puppetfile"
            try Data(text.utf8).write(to: URL(filePath: path))
            return await Invocation.record { await Sluice.run(["puppetfile", "check", path] + options, in: $0) }
        }
    }
}
