import Diagnostics
import Foundation
import GitClient
import TestSupport
import Testing

private let me = GitSignature(
    name: "Sluice", email: "sluice@localhost", date: Date(timeIntervalSince1970: 1_700_000_001))

@Suite struct MirrorNoteTests {
    static let notes = "refs/notes/verified"

    @Test func `a note is what git shows`() async throws {
        try await withRepository { repository, mirror, first in
            let notes = try RefName(Self.notes)
            #expect(try await mirror.note(on: first, in: notes) == nil)
            try await mirror.setNote("Verified: +1\nünï\n", on: first, in: notes, replacing: nil, by: me)
            #expect(try await mirror.note(on: first, in: notes) == "Verified: +1\nünï\n")
            #expect(try await repository.git("log", "--notes=verified", "-1", "--format=%N") == "Verified: +1\nünï")
            #expect(
                try await repository.git("log", "-1", "--format=%an <%ae> %ct", Self.notes)
                    == "Sluice <sluice@localhost> 1700000001")
        }
    }

    @Test func `a note that git wrote is read, also among hundreds`() async throws {
        try await withRepository { repository, mirror, first in
            let notes = try RefName(Self.notes)
            var stream = "commit \(Self.notes)\ncommitter A <a@b> 0 +0000\ndata 1\nx\n"
            for number in 0..<600 {
                let fake = String(format: "%040x", number * 7919 + 1)
                stream += "M 100644 inline \(fake.prefix(2))/\(fake.dropFirst(2))\ndata 1\n\(number % 10)\n"
            }
            try await repository.run(
                ["--git-dir", repository.path, "fast-import", "--quiet"], input: Array(stream.utf8))
            try await repository.git("notes", "--ref=verified", "add", "-m", "by git", first.hex)
            #expect(try await mirror.note(on: first, in: notes) == "by git\n")
            try await mirror.setNote("by us\n", on: first, in: notes, replacing: "by git\n", by: me)
            #expect(try await repository.git("notes", "--ref=verified", "show", first.hex) == "by us")
            #expect(try await repository.git("notes", "--ref=verified", "list").split(separator: "\n").count == 601)
        }
    }

    @Test func `a note that was changed meanwhile is not overwritten`() async throws {
        try await withRepository { repository, mirror, first in
            let notes = try RefName(Self.notes)
            try await mirror.setNote("one", on: first, in: notes, replacing: nil, by: me)
            for expected in [nil, "two", ""] {
                let error = await #expect(throws: SluiceError.self) {
                    try await mirror.setNote("three", on: first, in: notes, replacing: expected, by: me)
                }
                #expect(error?.code == "git.note-moved")
                #expect(error?.kind == .conflict)
            }
            try await mirror.setNote("two", on: first, in: notes, replacing: "one", by: me)
            #expect(try await mirror.note(on: first, in: notes) == "two")
        }
    }

    @Test func `of many who write the same note at once one succeeds`() async throws {
        try await withRepository { repository, mirror, first in
            let notes = try RefName(Self.notes)
            let path = repository.path
            let written = try await withThrowingTaskGroup(of: String?.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        let other = try await GitMirror.open(path)
                        do {
                            try await other.setNote("\(number)", on: first, in: notes, replacing: nil, by: me)
                            return "\(number)"
                        } catch let error as SluiceError where error.code == "git.note-moved" {
                            return nil
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }.compactMap(\.self)
            }
            #expect(written.count == 1)
            #expect(try await mirror.note(on: first, in: notes) == written.first)
        }
    }

    @Test func `writers of notes on different commits lose nothing of each other`() async throws {
        try await withRepository { repository, mirror, _ in
            let notes = try RefName(Self.notes)
            var commits: [ObjectID] = []
            for number in 0..<12 { commits.append(try await repository.push(["n": .text("\(number)")], to: "main")) }
            let path = repository.path
            try await withThrowingTaskGroup(of: Void.self) { group in
                for commit in commits {
                    group.addTask {
                        let other = try await GitMirror.open(path)
                        try await other.setNote("on \(commit)", on: commit, in: notes, replacing: nil, by: me)
                    }
                }
                try await group.waitForAll()
            }
            for commit in commits { #expect(try await mirror.note(on: commit, in: notes) == "on \(commit)") }
        }
    }

    @Test func `nothing is written when a reference that is to be held stands elsewhere`() async throws {
        try await withRepository { repository, mirror, first in
            let notes = try RefName(Self.notes)
            let second = try await repository.push(["b": "2"], to: "main")
            let main = try RefName.branch("main")
            let error = await #expect(throws: SluiceError.self) {
                try await mirror.setNote("x", on: first, in: notes, replacing: nil, by: me, holding: [main: first])
            }
            #expect(error?.code == "git.reference-moved")
            #expect(try await mirror.resolve(notes) == nil)
            try await mirror.setNote("x", on: second, in: notes, replacing: nil, by: me, holding: [main: second])
            #expect(try await mirror.resolve(main) == second)
            #expect(!FileManager.default.fileExists(atPath: "\(repository.path)/refs/heads/main.lock"))
        }
    }

    @Test func `a note that is huge is refused`() async throws {
        try await withRepository { repository, mirror, first in
            let file = String(repeating: "x", count: GitMirror.noteLimit + 1)
            let blob = try await repository.run(
                ["--git-dir", repository.path, "hash-object", "-w", "--stdin"], input: Array(file.utf8))
            try await repository.git("notes", "--ref=verified", "add", "-C", blob, first.hex)
            let error = await #expect(throws: SluiceError.self) {
                try await mirror.note(on: first, in: try RefName(Self.notes))
            }
            #expect(error?.code == "git.object-too-large")
        }
    }
}
