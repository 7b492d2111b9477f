import Diagnostics
import Forges
import Foundation
import GitClient
import Logging
import TestSupport
import Testing

/// A forge with the project `registries/land`, whose branch main has one commit.
struct LocalWorld {
    let forge: LocalForge
    let repository: ScriptedRepository
    let project: ProjectRef
    let main: RefName
    let first: ObjectID

    static func with<R>(_ body: (LocalWorld) async throws -> R) async throws -> R {
        try await withTemporaryDirectory("forge") { folder in
            let repository = try await ScriptedRepository.create(at: "\(folder)/registries/land.git")
            let first = try await repository.push(["master.xml": "<x/>"], to: "main", message: "First")
            let forge = LocalForge(
                name: "local", folder: folder, logger: Logger(label: "test"),
                now: { Date(timeIntervalSince1970: 1_700_000_002) })
            return try await body(
                LocalWorld(
                    forge: forge, repository: repository, project: try ProjectRef("registries/land"),
                    main: try RefName.branch("main"), first: first))
        }
    }

    func open() async throws -> [Candidate] { try await forge.openCandidates(project: project, branch: main) }

    func state(_ id: String) async throws -> CandidateState {
        try await forge.candidate(try CandidateID(id), project: project, branch: main)
    }

    @discardableResult
    func propose(_ id: String, _ files: [String: ScriptedFile] = ["t.xml": "1"], message: String = "Change")
        async throws
        -> ObjectID
    {
        try await repository.push(files, to: "candidate/\(id)", from: first, message: message)
    }
}

@Suite struct LocalForgeCandidateTests {
    @Test func `a pushed candidate is open at its revision`() async throws {
        try await LocalWorld.with { world in
            let revision = try await world.propose("1042", message: "Add owners\n\nBecause.\n")
            let candidate = Candidate(
                id: try CandidateID("1042"), title: "Add owners", author: "Ada Author", revision: revision,
                targetBranch: world.main, updated: Date(timeIntervalSince1970: 1_700_000_000),
                summary: "Add owners\n\nBecause.")
            #expect(try await world.open() == [candidate])
            #expect(try await world.state("1042") == .open(candidate))
        }
    }

    @Test func `a new push is a new revision of the same candidate`() async throws {
        try await LocalWorld.with { world in
            try await world.propose("7")
            let second = try await world.propose("7", ["t.xml": "2"])
            #expect(try await world.open().map(\.revision) == [second])
        }
    }

    @Test func `a candidate that the branch contains is merged`() async throws {
        try await LocalWorld.with { world in
            let revision = try await world.propose("7")
            try await world.repository.merge(revision)
            #expect(try await world.open().isEmpty)
            #expect(try await world.state("7") == .merged(at: revision))
            // Main goes on; the candidate remains merged.
            try await world.repository.push(["x": "y"], to: "main")
            #expect(try await world.state("7") == .merged(at: revision))
        }
    }

    @Test func `a candidate made at the branch's tip has nothing to judge until it gets a commit of its own`()
        async throws
    {
        try await LocalWorld.with { world in
            try await world.repository.push(world.first, to: "candidate/7")
            #expect(try await world.open().isEmpty)
            #expect(try await world.state("7") == .merged(at: world.first))
            try await world.propose("7")
            #expect(try await world.open().count == 1)
        }
    }

    @Test func `a candidate whose reference is gone is closed`() async throws {
        try await LocalWorld.with { world in
            try await world.propose("7")
            try await world.repository.delete("candidate/7")
            #expect(try await world.open().isEmpty)
            #expect(try await world.state("7") == .closed)
            #expect(try await world.state("never was") == .closed)
        }
    }

    @Test func `B-11: ids come back byte for byte, however they are spelt`() async throws {
        let ids = [
            "-h", "--all", "it's", "a\"b", "a/b/c", "日本", "\u{E9}", "e\u{301}", "\u{1F600}", "$(id);`id`|&", "%2F",
            String(repeating: "x", count: 200), String(repeating: "ü/", count: 100) + "end", "HEAD", "refs/heads/main",
            "@", "0", "007", "ABC", "abc",
        ]
        try await LocalWorld.with { world in
            for id in ids { try await world.propose(id) }
            let open = try await world.open()
            #expect(Set(open.map(\.id)) == Set(try ids.map { try CandidateID($0) }))
            #expect(open.count == ids.count)
            for id in ids {
                guard case .open(let candidate) = try await world.state(id) else {
                    Issue.record("\(id) is not open")
                    continue
                }
                #expect(try candidate.id == CandidateID(id))
            }
        }
    }

    @Test func `candidates are listed in the order of their ids, numbers by value`() async throws {
        try await LocalWorld.with { world in
            for id in ["10", "9", "b", "a"] { try await world.propose(id) }
            #expect(try await world.open().map(\.id.rawValue) == ["9", "10", "a", "b"])
        }
    }

    @Test(arguments: [
        "..", "a..b", "a b", "a~1", "a^", "a:b", "a.lock", ".a", "a/", "a//b", "@{u}", "*", "a\\b", "a?b",
    ])
    func `an id that can be no reference is closed and nothing else`(id: String) async throws {
        try await LocalWorld.with { world in
            let state = try await world.state(id)
            #expect(state == .closed)
        }
    }

    @Test func `an id that is too long to be one does not hide the others`() async throws {
        try await LocalWorld.with { world in
            try await world.propose("7")
            try await world.propose((0..<8).map { _ in String(repeating: "x", count: 200) }.joined(separator: "/"))
            #expect(try await world.open().map(\.id.rawValue) == ["7"])
        }
    }

    @Test func `a title is one tidy line, whatever its author wrote`() async throws {
        try await LocalWorld.with { world in
            try await world.propose("1", message: "  a\tb\u{1B}[2J\r \u{202E}c\n\nmore")
            try await world.propose("2", message: String(repeating: "x", count: 5000))
            let titles = try await world.open().map(\.title)
            #expect(titles.first == "a b [2J c")
            #expect(titles.last?.count == 300)
        }
    }
}

@Suite struct LocalForgeErrorTests {
    @Test func `F-06: a missing project is an error, never an empty list`() async throws {
        try await LocalWorld.with { world in
            let none = try ProjectRef("registries/none")
            let id = try CandidateID("7")
            for attempt in [
                { _ = try await world.forge.openCandidates(project: none, branch: world.main) },
                { _ = try await world.forge.candidate(id, project: none, branch: world.main) },
                { _ = try await world.forge.branchHead(project: none, branch: world.main) },
                { _ = try await world.forge.verdict(on: world.first, of: id, project: none) },
                {
                    let report = VerdictReport(candidate: id, revision: world.first, verdict: .success, summary: "ok")
                    _ = try await world.forge.report(report, project: none)
                },
            ] as [() async throws -> Void] {
                let error = await #expect(throws: SluiceError.self) { try await attempt() }
                #expect(error?.code == "forge.project-missing")
                #expect(error?.kind == .stalled)
            }
        }
    }

    @Test func `F-06: a folder that is gone or emptied is an error, never an empty list`() async throws {
        try await LocalWorld.with { world in
            try await world.propose("7")
            try FileManager.default.removeItem(atPath: "\(world.repository.path)/refs")
            await #expect(throws: SluiceError.self) { try await world.open() }
            await #expect(throws: SluiceError.self) { try await world.state("7") }
            try FileManager.default.removeItem(atPath: world.repository.path)
            try FileManager.default.createDirectory(
                atPath: world.repository.path, withIntermediateDirectories: true)
            await #expect(throws: SluiceError.self) { try await world.open() }
        }
    }

    @Test func `F-06: a missing branch is an error, never an empty list`() async throws {
        try await LocalWorld.with { world in
            try await world.propose("7")
            let other = try RefName.branch("other")
            let error = await #expect(throws: SluiceError.self) {
                try await world.forge.openCandidates(project: world.project, branch: other)
            }
            #expect(error?.code == "forge.branch-missing")
            #expect(try await world.forge.branchHead(project: world.project, branch: other) == nil)
            #expect(try await world.forge.branchHead(project: world.project, branch: world.main) == world.first)
        }
    }

    @Test func `F-06: a broken reference is an error, never a shorter list`() async throws {
        try await LocalWorld.with { world in
            try await world.propose("7")
            let file = URL(filePath: "\(world.repository.path)/refs/heads/candidate/8")
            for content in ["garbage", String(repeating: "ab", count: 20) + "\n"] {
                try Data(content.utf8).write(to: file)
                await #expect(throws: SluiceError.self) { try await world.open() }
                await #expect(throws: SluiceError.self) { try await world.state("8") }
            }
        }
    }

    @Test(arguments: [
        "", "/", "/etc", "..", "../x", "a/../b", "a//b", "a/", ".git", "a/.x", "-x", "a b", "a\0", "a\\b", "~x",
    ])
    func `B-03: a project cannot lead out of the folder`(path: String) {
        #expect(throws: SluiceError.self) { try ProjectRef(path) }
    }

    @Test(arguments: ["", "a\nb", "a\0", "\u{1B}[2J"])
    func `a text that is no id is refused`(text: String) {
        #expect(throws: SluiceError.self) { try CandidateID(text) }
    }

    @Test func `the source brings the branch and all candidates into a mirror`() async throws {
        try await LocalWorld.with { world in
            let revision = try await world.propose("-7")
            let source = try await world.forge.source(project: world.project)
            let mirror = try await GitTransport(allowing: [.file]).clone(
                source.remote, into: "\(world.forge.folder)/mirror", refspecs: source.refspecs)
            #expect(try await mirror.contains(revision))
            #expect(try await mirror.contains(world.first))
        }
    }
}
