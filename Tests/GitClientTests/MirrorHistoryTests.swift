import Diagnostics
import GitClient
import TestSupport
import Testing

@Suite struct MirrorHistoryTests {
    @Test func `the merge base is where two branches parted`() async throws {
        try await withRepository { repository, mirror, first in
            let main = try await repository.push(["m": "1"], to: "main")
            let side = try await repository.push(["s": "1"], to: "side", from: first)
            #expect(try await mirror.mergeBase(main, side) == first)
            #expect(try await mirror.mergeBase(first, side) == first)
            let alone = try ObjectID(
                try await repository.git("commit-tree", "\(try await mirror.commit(main).tree)", "-m", "alone"))
            #expect(try await mirror.mergeBase(main, alone) == nil)
        }
    }

    @Test func `a commit contains itself and what came before it`() async throws {
        try await withRepository { repository, mirror, first in
            let main = try await repository.push(["m": "1"], to: "main")
            let side = try await repository.push(["s": "1"], to: "side", from: first)
            let merge = try await repository.merge(side)
            #expect(try await mirror.isAncestor(first, of: first))
            #expect(try await mirror.isAncestor(first, of: main))
            #expect(try await !mirror.isAncestor(main, of: first))
            #expect(try await !mirror.isAncestor(side, of: main))
            #expect(try await mirror.isAncestor(side, of: merge))
            let nothing = try ObjectID(String(repeating: "ab", count: 20))
            await #expect(throws: SluiceError.self) { try await mirror.isAncestor(nothing, of: main) }
            await #expect(throws: SluiceError.self) { try await mirror.isAncestor(main, of: nothing) }
        }
    }

    @Test func `the commits between two are listed, children first and not without end`() async throws {
        try await withRepository { repository, mirror, first in
            var ids: [ObjectID] = []
            for number in 1...3 { ids.append(try await repository.push(["n": .text("\(number)")], to: "main")) }
            let last = try #require(ids.last)
            #expect(try await mirror.commits(after: first, through: last).map(\.id) == ids.reversed())
            #expect(try await mirror.commits(after: nil, through: last).count == 4)
            #expect(try await mirror.commits(after: last, through: last).isEmpty)
            let error = await #expect(throws: SluiceError.self) {
                try await mirror.commits(after: nil, through: last, limit: 3)
            }
            #expect(error?.code == "git.history-too-long")
        }
    }

    @Test func `changes name what was added, changed, moved and deleted`() async throws {
        try await withRepository { repository, mirror, _ in
            let old = try await repository.push(
                [
                    "d/keep": "k", "d/change": "1", "d/gone": "g", "d/moved": "content of the moved file\n",
                    "d/type": "t",
                ],
                to: "main")
            let new = try await repository.push(
                [
                    "d/change": "2", "d/gone": .deleted, "d/moved": .deleted,
                    "d/place": "content of the moved file\n", "d/new": "n", "d/type": .symbolicLink("t"), "x": "x",
                ], to: "main")
            #expect(
                try await mirror.changes(from: old, to: new, under: ["d"]) == [
                    FileChange(path: "d/change", status: .modified), FileChange(path: "d/gone", status: .deleted),
                    FileChange(path: "d/new", status: .added),
                    FileChange(path: "d/place", oldPath: "d/moved", status: .renamed),
                    FileChange(path: "d/type", status: .typeChanged),
                ])
            #expect(try await mirror.changes(from: old, to: old).isEmpty)
            #expect(try await mirror.changes(from: nil, to: old).count == 6)
            #expect(try await mirror.changes(from: old, to: new, under: []).isEmpty)
        }
    }

    @Test func `a path is not a pattern`() async throws {
        try await withRepository { repository, mirror, first in
            let new = try await repository.push(
                ["ab": "1", "[a]b": "2", "*": "3", ":(top)x": "4", "!n": "5"], to: "main")
            for path in ["*", "[a]b", ":(top)x", "!n"] {
                #expect(try await mirror.changes(from: first, to: new, under: [path]).map(\.path) == [path])
            }
        }
    }

    @Test func `too many changes are refused`() async throws {
        try await withRepository { repository, mirror, first in
            let new = try await repository.push(["1": "1", "2": "2"], to: "main")
            await #expect(throws: SluiceError.self) { try await mirror.changes(from: first, to: new, limit: 1) }
        }
    }
}
