import Forges
import GitClient
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import CandidateDatabases

@Suite("Hostile files in a candidate")
struct GateHostileContentTests {
    /// A candidate's files and what its author is told.
    private struct Content: Sendable {
        let id: String
        let files: [String: ScriptedFile]
        let told: [String]

        /// Replaces the main changelog by one that includes a file beside the base's own.
        init(_ id: String, including path: String, _ files: [String: ScriptedFile] = [:], _ told: String...) {
            let include = "<include file=\"data-model/tables.sql\"/><include file=\"\(path)\"/>"
            self.id = id
            self.files = files.merging(["data-model/main.xml": .text(GateWorld.changelog(include))]) { own, _ in own }
            self.told = told
        }

        init(_ id: String, _ files: [String: ScriptedFile], _ told: String...) {
            self.id = id
            self.files = files
            self.told = told
        }
    }

    private static let bomb = """
        <!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c
        "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><databaseChangeLog>&c;</databaseChangeLog>
        """
    private static let external = """
        <!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>
        <databaseChangeLog><changeSet id="1" author="a"><sql>&e;</sql></changeSet></databaseChangeLog>
        """
    private static let aliases =
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + (1...12).map {
            "b\($0): &b\($0) [\(Array(repeating: $0 == 1 ? "*a" : "*b\($0 - 1)", count: 9).joined(separator: ", "))]"
        }
        .joined(separator: "\n") + "\ndatabaseChangeLog: *b12\n"

    private static func contents() throws -> [Content] {
        let commit = try ObjectID(String(repeating: "1", count: 40))
        let good = ScriptedFile.text(GateWorld.sql("x", "create table x (id int);"))
        return [
            Content("xml-bomb", ["data-model/main.xml": .text(bomb)], "Error: changelog.xml", "data-model/main.xml:"),
            Content("xml-external", ["data-model/main.xml": .text(external)], "Error: changelog.xml"),
            Content(
                "xml-deep", ["data-model/main.xml": .text(String(repeating: "<a>", count: 100_000))],
                "Error: changelog.", "data-model/main.xml"),
            Content(
                "yaml-bomb", including: "data-model/b.yaml", ["data-model/b.yaml": .text(aliases)], "Error: changelog.",
                "data-model/b.yaml"),
            Content(
                "yaml-deep", including: "data-model/d.yaml",
                ["data-model/d.yaml": .text(String(repeating: "[", count: 100_000))], "Error: changelog.",
                "data-model/d.yaml"),
            Content(
                "json-deep", including: "data-model/d.json",
                ["data-model/d.json": .text(String(repeating: "{\"a\":", count: 100_000))], "Error: changelog.",
                "data-model/d.json"),
            Content(
                "above", including: "data-model/../../../etc/passwd", [:], "Error: changelog.path-above-root",
                "data-model/main.xml:"),
            Content("absolute", including: "/etc/passwd", [:], "Error: changelog.path-", "data-model/main.xml:"),
            Content("scheme", including: "http://127.0.0.1/x.sql", [:], "Error: changelog.path-scheme"),
            Content("device", including: "data-model/CON.sql", [:], "Error: changelog.path-device"),
            Content("missing", including: "data-model/none.sql", [:], "Error: changelog.file-missing", "none.sql"),
            Content(
                "outside", including: "other/x.sql", ["other/x.sql": good], "Error: changelog.path-not-watched",
                "other/x.sql"),
            Content(
                "symlink", including: "data-model/link.sql", ["data-model/link.sql": .symbolicLink("/etc/passwd")],
                "Error: changelog.not-a-file", "data-model/link.sql"),
            Content(
                "symlink-folder", including: "data-model/folder/x.sql",
                ["data-model/folder": .symbolicLink("../other"), "other/x.sql": good], "Error: changelog.not-a-file",
                "data-model/folder"),
            Content(
                "submodule", including: "data-model/module.sql", ["data-model/module.sql": .gitlink(commit)],
                "Error: changelog.not-a-file"),
            Content(
                "submodule-folder", including: "data-model/module/x.sql", ["data-model/module": .gitlink(commit)],
                "Error: changelog.not-a-file"),
            Content(
                "all-links", ["data-model": .symbolicLink("/etc")], "Error: changelog.not-a-file"),
            Content(
                "cycle", including: "data-model/a.xml",
                [
                    "data-model/a.xml": .text(GateWorld.changelog(GateWorld.include("b.xml"))),
                    "data-model/b.xml": .text(GateWorld.changelog(GateWorld.include("a.xml"))),
                ], "Error: changelog.include-cycle"),
            Content(
                "invalid-text", including: "data-model/bytes.sql",
                [
                    "data-model/bytes.sql": .bytes(
                        Array("--liquibase formatted sql\n--changeset a:b\nselect '".utf8) + [0xFF, 0xFE])
                ],
                "Error: changelog.encoding", "data-model/bytes.sql"),
            Content(
                "nul", including: "data-model/zero.sql",
                [
                    "data-model/zero.sql": .bytes(
                        Array("--liquibase formatted sql\n--changeset a:b\nselect 1".utf8) + [0])
                ],
                "Error: changelog.nul", "data-model/zero.sql"),
            Content("empty", ["data-model/main.xml": ""], "Error: changelog.empty-file", "data-model/main.xml"),
            Content("no-main", ["data-model/main.xml": .deleted], "Error: changelog.file-missing"),
            Content(
                "unknown-tag",
                [
                    "data-model/main.xml": .text(
                        GateWorld.changelog("<changeSet id=\"1\" author=\"a\"><nonsense/></changeSet>"))
                ],
                "Error: changelog.", "nonsense", "data-model/main.xml:"),
        ]
    }

    @Test("B-01: every kind of hostile file gets -1 with a code of its own and the place; neighbours are untouched")
    func files() async throws {
        try await GateWorld.with(spec: GateWorld.unjudged) { world in
            let contents = try Self.contents()
            try await judge(contents, in: world)
        }
    }

    @Test("B-01: a file, or a tree, too large to be a changelog gets -1 that says so")
    func enormous() async throws {
        try await GateWorld.with(spec: GateWorld.unjudged) { world in
            let large = ScriptedFile.bytes([UInt8](repeating: 0x20, count: 33 << 20))
            let names = Dictionary(
                uniqueKeysWithValues: (0..<100_000).map { ("data-model/n/\($0 % 100)/\($0)", ScriptedFile.text("")) })
            try await judge(
                [
                    Content(
                        "large", ["data-model/large.sql": large], "Error: git.tree-too-large", "data-model/large.sql"),
                    Content("names", names, "Error: git.tree-too-large"),
                ], in: world)
        }
    }

    @Test("two files whose names differ only by Unicode normalisation are two files")
    func normalisation() async throws {
        try await GateWorld.with(spec: GateWorld.unjudged) { world in
            let (one, other) = ("data-model/caf\u{E9}.sql", "data-model/cafe\u{301}.sql")
            let includes = "<include file=\"data-model/tables.sql\"/><include file=\"\(one)\"/>"
            // In two steps: a dictionary takes the two names for one.
            let half = try await world.push(
                [one: .text(GateWorld.sql("composed", "create table composed (id int);"))], as: "1")
            let revision = try await world.repository.push(
                [
                    "data-model/main.xml": .text(GateWorld.changelog(includes)),
                    other: .text(GateWorld.sql("decomposed", "create table decomposed (id int);")),
                ], to: "candidate/1", from: half)
            try await world.settle()
            #expect(try await world.requireVerdict(revision, of: "1").verdict == .success)
            #expect(try await world.tables("1") == ["composed", "parcel"])
        }
    }

    private func judge(_ contents: [Content], in world: GateWorld) async throws {
        let innocent = try await world.push(
            GateWorld.adding("visit", "create table visit (id int references parcel);"), as: GateWorld.neighbour)
        var revisions: [ObjectID] = []
        for content in contents { revisions.append(try await world.push(content.files, as: content.id)) }
        try await world.wake()
        try await world.engine().drain(limit: 10_000)
        for (content, revision) in zip(contents, revisions) {
            let verdict = try await world.requireVerdict(revision, of: content.id)
            #expect(verdict.verdict == .failed, "\(content.id)")
            for part in content.told {
                #expect(verdict.body.contains(part), "\(content.id): no \(part) in: \(verdict.body)")
            }
            #expect(!verdict.body.contains("root:x:0"), "\(content.id)")
        }
        try await world.expectUnharmed(innocent)
    }
}
