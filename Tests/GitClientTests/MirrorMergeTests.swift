import GitClient
import TestSupport
import Testing

@Suite("Merging files in memory")
struct MirrorMergeTests {
    private static let lines = "one\ntwo\nthree\nfour\nfive\nsix\n"

    /// What a merge of two changes of the same base gives.
    private func merge(
        _ ours: [String: ScriptedFile], _ theirs: [String: ScriptedFile], under paths: [String] = ["db"]
    ) async throws -> MergedFiles {
        try await withTemporaryDirectory("merge") { folder in
            let repository = try await ScriptedRepository.create(at: "\(folder)/a.git")
            let base = try await repository.push(
                ["db/a": .text(Self.lines), "db/b": "b\n", "db/run": .executable("x\n"), "other": "o\n"], to: "main")
            let our = try await repository.push(ours, to: "ours", from: base)
            let their = try await repository.push(theirs, to: "theirs", from: base)
            let mirror = try await GitMirror.open("\(folder)/a.git")
            let objects = try await repository.git("count-objects")
            let merged = try await mirror.mergedFiles(of: our, with: their, from: base, under: paths)
            #expect(try await repository.git("count-objects") == objects)
            return merged
        }
    }

    private func texts(_ merged: MergedFiles) -> [String: String]? {
        guard case .merged(let files) = merged else { return nil }
        return Dictionary(uniqueKeysWithValues: files.map { ($0.path, String(decoding: $0.bytes, as: UTF8.self)) })
    }

    @Test("new files of both sides are there together, and what one side deleted is gone")
    func both() async throws {
        let merged = try await merge(["db/c": "c\n"], ["db/d": "d\n", "db/b": .deleted, "other": "elsewhere\n"])
        #expect(texts(merged) == ["db/a": Self.lines, "db/c": "c\n", "db/d": "d\n", "db/run": "x\n"])
    }

    @Test("changes of different lines of one file are merged as git merges them, and nothing is written")
    func lines() async throws {
        let merged = try await merge(
            ["db/a": .text(Self.lines.replacing("one", with: "ONE"))],
            ["db/a": .text(Self.lines.replacing("six", with: "SIX"))])
        #expect(texts(merged)?["db/a"] == "ONE\ntwo\nthree\nfour\nfive\nSIX\n")
    }

    @Test(
        "what both sides changed, each in its own way, is a conflict",
        arguments: [
            (["db/b": ScriptedFile.text("x\n")], ["db/b": ScriptedFile.text("y\n")]),
            (["db/b": .text("x\n")], ["db/b": .deleted]), (["db/new": .text("x\n")], ["db/new": .text("y\n")]),
            (["db/b": .symbolicLink("a")], ["db/b": .text("y\n")]),
        ])
    func conflict(ours: [String: ScriptedFile], theirs: [String: ScriptedFile]) async throws {
        let path = try #require(ours.keys.first)
        #expect(try await merge(ours, theirs) == .conflicts([path]))
    }

    @Test("a conflict outside of the paths that are asked for does not matter")
    func elsewhere() async throws {
        let merged = try await merge(["other": "x\n"], ["other": "y\n"])
        #expect(texts(merged)?.count == 3)
    }

    @Test("a side that is the base itself adds nothing")
    func oneSided() async throws {
        #expect(texts(try await merge(["db/b": "x\n"], [:]))?["db/b"] == "x\n")
        #expect(texts(try await merge([:], ["db/b": "x\n"]))?["db/b"] == "x\n")
    }
}
