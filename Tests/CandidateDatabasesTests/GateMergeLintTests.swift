import ChangelogLint
import Forges
import GitClient
import TestSupport
import Testing

@testable import CandidateDatabases

@Suite("What lint says of a candidate's merge with a branch that went on")
struct GateMergeLintTests {
    /// Every file below `data-model/changes` belongs to the changelog, so that two branches add some without a conflict.
    private static let master = [
        "data-model/main.xml": ScriptedFile.text(
            GateWorld.changelog(
                GateWorld.include("tables.sql")
                    + "<includeAll path=\"data-model/changes\" errorIfMissingOrEmpty=\"false\"/>")),
        "data-model/tables.sql": GateWorld.master["data-model/tables.sql"] ?? .text(""),
    ]

    private static func file(_ name: String, id: String, path: String? = nil, table: String) -> [String: ScriptedFile] {
        let header = "--liquibase formatted sql" + (path.map { " logicalFilePath:\($0)" } ?? "")
        return [
            "data-model/changes/\(name).sql": .text(
                "\(header)\n--changeset land:\(id)\ncreate table \(table) (id int);\n--rollback drop table \(table);\n")
        ]
    }

    private static func with(_ body: @Sendable (GateWorld) async throws -> Void) async throws {
        try await GateWorld.with(master: master, body)
    }

    @Test(
        "one id of one file on two branches: once one is merged, the other is told that the merge breaks the changelog")
    func brokenMerge() async throws {
        try await Self.with { world in
            let revision = try await world.push(Self.file("b", id: "next", path: "all.sql", table: "visit"), as: "1")
            try await world.settle()
            #expect(try await world.requireVerdict(revision, of: "1").verdict == .success)
            _ = try await world.repository.push(
                Self.file("a", id: "next", path: "all.sql", table: "owner"), to: "master")
            try await world.settle()
            let verdict = try await world.requireVerdict(revision, of: "1")
            #expect(verdict.verdict == .failed)
            #expect(
                verdict.body.contains(
                    "data-model/changes/b.sql: broken-merge: merged with the target branch: changeset "
                        + "all.sql::next::land is there twice"), "\(verdict.body)")
            #expect(verdict.body.contains("merge the target branch into yours"))
            #expect(try await world.leftovers().isEmpty)

            let mended = try await world.push(Self.file("b", id: "other", path: "all.sql", table: "visit"), as: "1")
            try await world.settle()
            #expect(try await world.requireVerdict(mended, of: "1").verdict == .success)
            #expect(try await world.tables("1") == ["owner", "parcel", "visit"])
        }
    }

    @Test("what a merge only warns of is told with the next verdict, and has nothing built again meanwhile")
    func duplicateID() async throws {
        try await Self.with { world in
            let revision = try await world.push(Self.file("b", id: "next", table: "visit"), as: "1")
            try await world.settle()
            let said = try await world.requireVerdict(revision, of: "1")
            let master = try ObjectID(try await world.repository.author("rev-parse", "refs/heads/master"))
            _ = try await world.repository.push(Self.file("a", id: "next", table: "owner"), to: "master")
            try await world.settle()
            #expect(try await world.requireVerdict(revision, of: "1") == said)
            let next = try await world.repository.push(
                Self.file("b", id: "next", table: "visits"), to: "candidate/1", from: master)
            try await world.settle()
            let verdict = try await world.requireVerdict(next, of: "1")
            #expect(verdict.verdict == .success)
            #expect(
                verdict.body.contains(
                    "data-model/changes/b.sql:2: duplicate-id: merged with the target branch: changeset"),
                "\(verdict.body)")
            #expect(try await world.status("1")?.findings?.shown.map(\.rule) == ["duplicate-id"])
        }
    }

    @Test("a candidate that cannot be read gets its -1 also when the branch has moved")
    func unreadable() async throws {
        try await Self.with { world in
            let revision = try await world.push(
                ["data-model/changes/big.sql": .bytes([UInt8](repeating: 0x20, count: (32 << 20) + 1))], as: "1")
            _ = try await world.repository.push(Self.file("a", id: "owner", table: "owner"), to: "master")
            try await world.settle()
            let verdict = try await world.requireVerdict(revision, of: "1")
            #expect(verdict.verdict == .failed)
            #expect(verdict.body.contains("git.tree-too-large"), "\(verdict.body)")
        }
    }

    @Test("a branch that goes on without touching what the candidate does has nothing built or said again")
    func indifferent() async throws {
        try await Self.with { world in
            let revision = try await world.push(Self.file("b", id: "visit", table: "visit"), as: "1")
            try await world.settle()
            let database = try #require(
                try await world.registry.databases.census().mine[world.registry.names.published("1")])
            let said = try await world.requireVerdict(revision, of: "1")
            _ = try await world.repository.push(Self.file("a", id: "owner", table: "owner"), to: "master")
            try await world.settle()
            #expect(try await world.requireVerdict(revision, of: "1") == said)
            let after = try await world.registry.databases.census().mine[world.registry.names.published("1")]
            #expect(after?.provenance == database.provenance)
        }
    }
}
