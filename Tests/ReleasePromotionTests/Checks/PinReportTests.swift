import DesiredState
import Diagnostics
import GitClient
import Puppetfile
import TestSupport
import Testing

@testable import ReleasePromotion

@Suite("Pins that exist, and pins that do not")
struct PinReportTests {
    private func module(_ name: String, _ pin: ModulePin) -> PuppetModule {
        PuppetModule(
            name: name, source: .git(address: "u"), pin: pin, location: SourceLocation(file: "Puppetfile", line: 1))
    }

    @Test("A missing pin refuses or warns as the policy says, and what could not be asked is said")
    func policies() {
        let modules = [
            PinnedModule(module("gone", .tag("v1")), .missing), PinnedModule(module("here", .tag("v1")), .present),
            PinnedModule(module("loose", .commit("1")), .abandoned),
            PinnedModule(module("unknown", .tag("v1")), .unconfigured),
            PinnedModule(module("down", .tag("v1")), .unreachable),
        ]
        let refused = PinReport(modules, missing: .refuse)
        #expect(refused.findings.map(\.code) == ["check.pin-missing", "check.pin-abandoned"] && !refused.isAccepted)
        #expect(refused.findings.first?.message == "the repository of the module gone has no tag v1")
        #expect(refused.unchecked.map(\.reason).joined().contains("unknown"))
        #expect(refused.unchecked.count == 2)
        #expect(PinReport(modules, missing: .warn).isAccepted)
        let silent = PinReport(modules, missing: .allow)
        #expect(silent.findings.isEmpty && silent.unchecked.isEmpty)
    }

    @Test("Commits, tags and branches are looked up where the module comes from")
    func lookup() async throws {
        try await withTemporaryDirectory("pins") { folder in
            let repository = try await ScriptedRepository.create(at: "\(folder)/ntp.git")
            let first = try await repository.push(["a": "1"], to: "main")
            let loose = try await repository.push(["a": "2"], to: "topic")
            let tagged = try await repository.push(["a": "3"], to: "other")
            try await repository.git("tag", "-a", "v2", "-m", "two", tagged.hex)
            try await repository.git("tag", "v1", first.hex)
            try await repository.delete("topic")
            try await repository.delete("other")
            let mirror = try await GitMirror.open(repository.path)
            let facts: [(ModulePin, PinFact)] = [
                (.commit(first.hex), .present), (.commit(loose.hex), .abandoned), (.commit(tagged.hex), .present),
                (.commit(String(repeating: "1", count: 40)), .missing),
                (.commit(try await mirror.commit(first).tree.hex), .missing), (.tag("v1"), .present),
                (.tag("v2"), .present), (.tag("v3"), .missing), (.tag("a..b"), .missing), (.branch("main"), .present),
                (.branch("topic"), .missing), (.reference("v1"), .present), (.reference("main"), .present),
                (.reference(String(first.hex.prefix(8))), .unanswerable), (.reference("nope"), .missing),
                (.controlBranch(fallback: "main"), .present), (.controlBranch(fallback: nil), .unanswerable),
            ]
            for (pin, fact) in facts {
                let found = try await mirror.fact(of: pin)
                #expect(found == fact, "\(pin)")
            }
            let lookup = PinLookup(Mirrors(mirrors: ["ntp": mirror]))
            let reading = PuppetfileReader(movingPins: .accept).read(
                Array("mod 'ntp', git: 'u', tag: 'v9'\nmod 'x', git: 'u', tag: '1'\nmod 'a/b', '1.0.0'\n".utf8),
                file: "Puppetfile")
            #expect(try await lookup.look(at: reading.puppetfile).map(\.fact) == [.missing, .unconfigured])
        }
    }

    private struct Mirrors: ModuleMirrors {
        let mirrors: [String: GitMirror]
        func mirror(ofModule name: String) async throws -> GitMirror? { mirrors[name] }
    }
}
