import Diagnostics
import Foundation
import GitClient
import TestSupport
import Testing

@Suite("Trying out in memory")
struct SpeculationTests {
    private static let author = GitSignature(
        name: "Ada Author", email: "ada@example.org", date: Date(timeIntervalSince1970: 1_700_000_000))

    /// A text of thirty lines, some of which were changed.
    private static func text(_ changes: [Int: String]) -> ScriptedFile {
        .text((1...30).map { "\(changes[$0] ?? "line \($0)")\n" }.joined())
    }

    private func with(
        _ body: @Sendable (ScriptedRepository, GitMirror, _ base: ObjectID) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory("speculation") { folder in
            let repository = try await ScriptedRepository.create(at: "\(folder)/a.git")
            let base = try await repository.push(
                ["text": Self.text([:]), "dir/other": "o\n", "gone": "g\n"], to: "main", message: "Begin")
            try await body(repository, try await GitMirror.open(repository.path), base)
        }
    }

    /// The tree that git's own merge gives; nil for a conflict.
    private func gitMerge(_ ours: ObjectID, _ theirs: ObjectID, in repository: ScriptedRepository) async throws
        -> ObjectID?
    {
        do {
            return try ObjectID(try await repository.git("merge-tree", "--write-tree", ours.hex, theirs.hex))
        } catch is ScriptedGitError { return nil }
    }

    @Test(
        "Some files of another tree are taken over with their modes, what it lacks goes, and no directory is left empty"
    )
    func taking() async throws {
        try await with { repository, mirror, base in
            let other = try await repository.push(
                [
                    "text": Self.text([3: "other"]), "dir/other": .deleted, "gone": .deleted, "gone/deep/file": "f\n",
                    "link": .symbolicLink("text"), "kept": "k\n",
                ], to: "other", from: base)
            try await mirror.speculate { trial in
                let (old, new) = (try trial.tree(of: base), try trial.tree(of: other))
                let paths = ["dir/other", "gone", "gone/deep/file", "link", "never"]
                let tree = try trial.tree(old, taking: paths, from: new)
                #expect(try trial.changes(from: tree, to: new).map(\.path) == ["kept", "text"])
                #expect(try trial.tree(tree, taking: ["kept", "text"], from: new) == new)
                #expect(try trial.tree(new, taking: paths + ["kept", "text"], from: old) == old)
                #expect(try trial.tree(old, taking: [], from: new) == old)
            }
        }
    }

    @Test("a merge gives the tree that git gives, and nothing is written")
    func merge() async throws {
        try await with { repository, mirror, base in
            let ours = try await repository.push(["text": Self.text([3: "ours"])], to: "ours", from: base)
            let theirs = try await repository.push(
                ["text": Self.text([20: "theirs"]), "new": "n\n", "gone": .deleted], to: "theirs", from: base)
            let before = try await repository.git("count-objects", "-v")
            let merged = try await mirror.speculate { trial in
                let merged = try trial.merge(theirs, into: ours)
                let tree = try #require(merged.tree)
                let commit = try trial.makeCommit(
                    tree: tree, parents: [ours, theirs], message: "Merge\n", by: Self.author)
                #expect(try trial.isAncestor(theirs, of: commit))
                #expect(try trial.file(at: "new", inTree: tree) == Array("n\n".utf8))
                #expect(try trial.file(at: "dir", inTree: tree) == nil)
                #expect(
                    try trial.changes(from: try trial.tree(of: ours), to: tree).map(\.path) == ["gone", "new", "text"])
                return (tree: tree, commit: commit)
            }
            #expect(try await repository.git("count-objects", "-v") == before)
            #expect(try await !mirror.contains(merged.commit), "what was tried out is forgotten")
            #expect(try await gitMerge(ours, theirs, in: repository) == merged.tree)
            let made = try await mirror.makeCommit(
                tree: try await repository.git("merge-tree", "--write-tree", ours.hex, theirs.hex).id,
                parents: [ours, theirs], message: "Merge\n", by: Self.author)
            #expect(made == merged.commit, "a commit that was tried out has the id that it gets")
        }
    }

    @Test("a conflict names the file and shows the lines of both sides")
    func conflict() async throws {
        try await with { repository, mirror, base in
            let ours = try await repository.push(
                ["text": Self.text([3: "ours", 20: "also ours"]), "gone": "kept\n", "both": "1\n"], to: "ours",
                from: base)
            let theirs = try await repository.push(
                ["text": Self.text([3: "theirs", 20: "also theirs"]), "gone": .deleted, "both": "2\n"], to: "theirs",
                from: base)
            let conflicts = try await mirror.speculate { try $0.merge(theirs, into: ours) }.conflicts
            #expect(conflicts.map(\.path) == ["both", "gone", "text"])
            let text = try #require(conflicts.last)
            #expect(
                text.hunks == [
                    .init(ours: "ours", base: "line 3", theirs: "theirs"),
                    .init(ours: "also ours", base: "line 20", theirs: "also theirs"),
                ])
            #expect(text.base != nil && text.ours != nil && text.theirs != nil)
            #expect(conflicts.first?.base == nil)
            #expect(conflicts.first?.hunks == [.init(ours: "1", base: "", theirs: "2")])
            #expect(conflicts.dropFirst().first?.theirs == nil)
            #expect(try await gitMerge(ours, theirs, in: repository) == nil)
        }
    }

    @Test("histories that have nothing in common are not merged, as git does not")
    func unrelated() async throws {
        try await with { repository, mirror, base in
            let tree = try await repository.author("rev-parse", "\(base)^{tree}")
            let orphan = try ObjectID(try await repository.author("commit-tree", tree, "-m", "Orphan"))
            try await repository.push(orphan, to: "orphan")
            let error = await #expect(throws: SluiceError.self) {
                try await mirror.speculate { try $0.merge(orphan, into: base) }
            }
            #expect(error?.code == "git.unrelated-histories")
        }
    }

    @Test("a merge is taken back on the side of its mainline, as git takes it back")
    func revert() async throws {
        try await with { repository, mirror, base in
            let change = try await repository.push(["text": Self.text([3: "new"])], to: "change", from: base)
            let merge = try await repository.merge(change, into: "main")
            let later = try await repository.push(["text": Self.text([3: "new", 20: "later"])], to: "main")
            let onTop = try await repository.push(["text": Self.text([3: "newer"])], to: "top", from: merge)
            let baseTree = try await mirror.commit(base).tree
            let results = try await mirror.speculate { trial in
                [
                    try trial.revert(merge, mainline: 1, on: merge), try trial.revert(merge, mainline: 1, on: later),
                    try trial.revert(merge, mainline: 1, on: onTop), try trial.revert(merge, mainline: 1, on: base),
                    try trial.revert(change, on: merge), try trial.revert(merge, mainline: 2, on: merge),
                ]
            }
            #expect(results[0] == .reverted(tree: baseTree))
            #expect(results[1] == .reverted(tree: try await revertedByGit(merge, on: later, in: repository)))
            guard case .conflicts(let conflicts) = results[2] else {
                Issue.record("\(results[2])")
                return
            }
            #expect(conflicts.map(\.path) == ["text"])
            #expect(results[3] == .empty)
            #expect(results[4] == .reverted(tree: baseTree))
            #expect(results[5] == .empty, "seen from the other side, the merge changed nothing")
            let picked = try await mirror.speculate { try $0.cherryPick(merge, mainline: 1, onto: base) }
            #expect(picked.tree == (try await mirror.commit(merge).tree))
        }
    }

    /// The tree after git's own revert.
    private func revertedByGit(
        _ merge: ObjectID, on commit: ObjectID, in repository: ScriptedRepository
    ) async throws -> ObjectID {
        let tree = "\(repository.path).work"
        try await repository.run(["clone", "--quiet", repository.path, tree])
        try await repository.run(["-C", tree, "checkout", "--quiet", "--detach", commit.hex])
        try await repository.run(["-C", tree, "revert", "--mainline", "1", "--no-edit", merge.hex])
        return try await repository.run(["-C", tree, "rev-parse", "HEAD^{tree}"]).id
    }

    @Test("a mainline is asked for where git asks for one, and refused where it refuses one")
    func mainline() async throws {
        try await with { repository, mirror, base in
            let change = try await repository.push(["new": "n\n"], to: "change", from: base)
            let merge = try await repository.merge(change, into: "main")
            let messages = try await mirror.speculate { trial in
                [(merge, nil), (merge, 3), (merge, 0), (change, 1), (base, 1)].map { (id: ObjectID, number: Int?) in
                    do {
                        return "\(try trial.revert(id, mainline: number, on: merge))"
                    } catch { return SluiceError(wrapping: error).message }
                }
            }
            #expect(
                messages == [
                    "\(merge.abbreviated) is a merge: say which of its 2 parents is the mainline",
                    "\(merge.abbreviated) has 2 parents: there is no number 3",
                    "\(merge.abbreviated) has 2 parents: there is no number 0",
                    "\(change.abbreviated) is no merge and has no mainline",
                    "\(base.abbreviated) is no merge and has no mainline",
                ])
        }
    }

    @Test("a change has the name that git gives it, wherever it was made")
    func patchID() async throws {
        try await with { repository, mirror, base in
            let change = try await repository.push(["text": Self.text([3: "new"])], to: "change", from: base)
            let elsewhere = try await repository.push(["dir/other": "p\n"], to: "main")
            let picked = try await repository.push(["text": Self.text([3: "new"])], to: "main")
            let ids = try await mirror.speculate { trial in
                let trees = try [base, change, elsewhere, picked].map { try trial.tree(of: $0) }
                return [
                    try trial.patchID(from: trees[0], to: trees[1]), try trial.patchID(from: trees[2], to: trees[3]),
                    try trial.patchID(from: trees[1], to: trees[1]), try trial.patchID(from: trees[1], to: trees[0]),
                ]
            }
            let diff = try await repository.git("diff", base.hex, change.hex) + "\n"
            let words = try await repository.run(["patch-id", "--stable"], input: Array(diff.utf8))
            #expect(ids[0]?.hex == words.split(separator: " ").first.map(String.init))
            #expect(ids[0] == ids[1])
            #expect(ids[2] == nil)
            #expect(ids[3] != ids[0])
        }
    }

    @Test("changes of a binary file have one name only when they put the same content in the place of the same")
    func binaryPatchID() async throws {
        let contents: [(UInt8, ScriptedFile)] = [(1, "1\n"), (2, "1\n"), (3, "1\n"), (1, "2\n"), (2, "2\n")]
        try await with { repository, mirror, base in
            var trees: [ObjectID] = []
            for (last, note) in contents {
                let logo = ScriptedFile.bytes([0x89, 0x50, 0, last])
                let commit = try await repository.push(["logo": logo, "note": note], to: "main")
                trees.append(try await mirror.speculate { try $0.tree(of: commit) })
            }
            let whole = try await mirror.speculate { try $0.tree(of: base) }
            let ids = try await mirror.speculate { [trees] trial in
                try [(0, 1), (0, 2), (1, 2), (1, 0), (3, 4)].map {
                    try trial.patchID(from: trees[$0.0], to: trees[$0.1])
                } + [0, 1].map { try trial.patchID(from: whole, to: trees[$0]) }
            }
            #expect(!ids.contains(nil))
            #expect(ids[0] == ids[4], "the same change beside another file's other content")
            #expect(Set(ids).count == 6)
        }
    }

    @Test("what one commit has over another is counted as git counts it, and a branch's own history is walked")
    func history() async throws {
        try await with { repository, mirror, base in
            let change = try await repository.push(["new": "n\n"], to: "change", from: base)
            let next = try await repository.push(["text": Self.text([1: "x"])], to: "main")
            let merge = try await repository.merge(change, into: "main")
            let (counts, own, missing) = try await mirror.speculate { trial in
                let counts = try trial.aheadBehind(merge, change)
                var own: [ObjectID] = []
                try trial.walkFirstParents(from: merge) { commit in
                    own.append(commit.id)
                    return commit.id != next
                }
                let missing = try trial.commits(through: merge, hiding: [next]).map(\.id)
                return ([counts.ahead, counts.behind], own, missing)
            }
            #expect(counts == [2, 0])
            #expect(own == [merge, next])
            #expect(Set(missing) == [merge, change])
            let error = await #expect(throws: SluiceError.self) {
                try await mirror.speculate { try $0.walkFirstParents(from: merge, limit: 1) { _ in true } }
            }
            #expect(error?.code == "git.history-too-long")
        }
    }
}

extension String {
    fileprivate var id: ObjectID { get throws { try ObjectID(self) } }
}
