import DesiredState
import GitClient
import TestSupport
import Testing

@testable import ReleasePromotion

@Suite("The commits between pins")
struct PinHistoryTests {
    private struct Mirrors: ModuleMirrors {
        let mirrors: [String: GitMirror]
        func mirror(ofModule name: String) async throws -> GitMirror? { mirrors[name] }
    }

    private static func withModule(
        _ body: @Sendable (ScriptedRepository, [ObjectID], GitMirror) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory("modules") { folder in
            let repository = try await ScriptedRepository.create(at: "\(folder)/edge.git")
            var commits: [ObjectID] = []
            for number in 0..<60 {
                let (file, message) = (ScriptedFile.text("\(number)\n"), "Change \(number)\n\nMore")
                commits.append(try await repository.push(["a": file], to: "main", message: message))
            }
            let mirror = try await GitMirror.open(repository.path)
            try await body(repository, commits, mirror)
        }
    }

    private static let rules = ControlRepositorySpec(forge: "f", project: "p", stages: ["uat"])

    @Test("are counted, and the newest listed, forwards and backwards; tags and branches are looked up")
    func between() async throws {
        try await Self.withModule { repository, commits, mirror in
            let history = PinHistory { _ in Mirrors(mirrors: ["edge": mirror]) }
            try await repository.git("tag", "-a", "v9", "-m", "nine", commits[9].hex)
            func look(_ old: String?, _ new: String?, _ module: String = "edge") async throws -> PinCommits? {
                try await history.commits(
                    between: [PinChange(module: module, old: old, new: new)], rules: Self.rules
                ).first?.value
            }
            let three = try await look(commits[6].hex, commits[9].hex)
            #expect(three?.added == 3 && three?.removed == 0)
            #expect(three?.newest == [9, 8, 7].map { "\(commits[$0].hex.prefix(8)) Change \($0)" })
            #expect(try await look(commits[6].hex, "tag v9") == three)
            let back = try await look(commits[9].hex, commits[6].hex)
            #expect(back?.added == 0 && back?.removed == 3 && back?.newest == three?.newest)
            let many = try await look(commits[0].hex, "branch main")
            #expect(many?.added == 59 && many?.newest.count == PinCommits.shown)
            for (old, new) in [
                (nil, commits[0].hex), (commits[0].hex, nil), (commits[0].hex, String(repeating: "1", count: 40)),
                (commits[0].hex, "tag none"), ("1.0.0", "2.0.0"), ("branch a..b", "branch main"),
            ] as [(String?, String?)] { #expect(try await look(old, new) == nil) }
            #expect(try await look(commits[0].hex, commits[1].hex, "other") == nil)
        }
    }

    @Test("stand in the rehearsal of a release, each change once however many branches make it")
    func rehearsal() async throws {
        try await Self.withModule { _, commits, mirror in
            try await ReleaseWorld.with(zones: ["zone01"]) { world in
                var world = world
                world.pinHistory = PinHistory { _ in Mirrors(mirrors: [Puppetfile.edge: mirror]) }
                try await world.pin(Puppetfile.edge, to: commits[1].hex, on: "rel1")
                try await world.release("rel1", batches: [["zone01"]])
                try await world.pin(Puppetfile.edge, to: commits[4].hex, on: "rel2")
                let draft = try await world.release("rel2", to: .draft, batches: [["zone01"]])
                let module = try #require(draft.modules?.first)
                #expect(draft.modules?.count == 1)
                #expect(module.module == Puppetfile.edge && module.old == commits[1].hex && module.added == 3)
            }
        }
    }
}
