import Diagnostics
import Foundation
import GitClient
import TestSupport
import Testing

/// A repository with one commit on main, and a mirror over it.
func withRepository<R>(
    _ body: (ScriptedRepository, GitMirror, ObjectID) async throws -> R
) async throws -> R {
    try await withTemporaryDirectory("git") { directory in
        let repository = try await ScriptedRepository.create(at: "\(directory)/r.git")
        let first = try await repository.push(["a.txt": "one\n"], to: "main", message: "First")
        return try await body(repository, try await GitMirror.open(repository.path), first)
    }
}

@Suite struct MirrorReferenceTests {
    static let hostile = [
        "candidate/1042", "candidate/-h", "candidate/--all", "candidate/a/b/c",
        "candidate/it's \"quoted\"".filter { $0 != " " },
        "candidate/$(id)`id`;|&", "candidate/日本", "candidate/\u{E9}", "candidate/e\u{301}", "candidate/\u{1F600}",
        "candidate/" + String(repeating: "x", count: 200), "candidate/HEAD", "candidate/refs/heads/main",
    ]

    @Test func `B-03: references with hostile names are listed byte for byte`() async throws {
        try await withRepository { repository, mirror, first in
            for name in Self.hostile { try await repository.push(first, to: name) }
            for _ in 1...2 {
                let listing = try await mirror.references(under: "refs/heads/candidate/")
                #expect(Set(listing.targets.keys) == Set(try Self.hostile.map { try RefName.branch($0) }))
                #expect(Set(listing.targets.values) == [first])
                #expect(listing.unreadableNames.isEmpty)
                try await repository.git("pack-refs", "--all")
            }
        }
    }

    @Test func `a prefix is taken literally and to its last letter`() async throws {
        try await withRepository { repository, mirror, first in
            for name in ["can", "cand/x", "candidate"] { try await repository.push(first, to: name) }
            let listing = try await mirror.references(under: "refs/heads/can")
            #expect(listing.targets.count == 3)
            #expect(try await mirror.references(under: "refs/heads/cand/").targets.count == 1)
            #expect(try await mirror.references(under: "refs/none/").targets.isEmpty)
            #expect(try await mirror.references().targets.count == 4)
        }
    }

    @Test func `references under a prefix are deleted, but for those that are kept`() async throws {
        try await withRepository { repository, mirror, first in
            for name in ["a", "b", "c"] { try await repository.git("update-ref", "refs/sluice/\(name)", first.hex) }
            try await repository.git("pack-refs", "--all")
            let kept: Set = ["refs/sluice/b", "refs/sluice/none"]
            #expect(try await mirror.deleteReferences(under: "refs/sluice/", except: kept) == 2)
            #expect(try await mirror.deleteReferences(under: "refs/sluice/", except: kept) == 0)
            let left = try await mirror.references().targets.keys.map(\.rawValue)
            #expect(left.sorted() == ["refs/heads/main", "refs/sluice/b"])
        }
    }

    @Test func `a name that is no text is listed apart and hides nothing`() async throws {
        try await withRepository { repository, mirror, first in
            let packed = "# pack-refs with: peeled fully-peeled sorted \n"
            let line =
                Array("\(packed)\(first) refs/heads/".utf8) + [0xFF, 0x0A] + Array("\(first) refs/heads/z\n".utf8)
            try Data(line).write(to: URL(filePath: "\(repository.path)/packed-refs"))
            let listing = try await mirror.references(under: "refs/heads/")
            #expect(listing.targets.count == 2)
            #expect(listing.unreadableNames.count == 1)
        }
    }

    @Test(arguments: ["", "garbage\n", "0123456789\n", "ref: refs/heads/../../x\n"])
    func `a broken reference is an error, never a shorter list`(content: String) async throws {
        try await withRepository { repository, mirror, _ in
            let file = URL(filePath: "\(repository.path)/refs/heads/broken")
            try Data(content.utf8).write(to: file)
            let error = await #expect(throws: SluiceError.self) { try await mirror.references(under: "refs/heads/") }
            #expect(error?.code == "git.reference-broken")
            await #expect(throws: SluiceError.self) { try await mirror.resolve(try RefName.branch("broken")) }
        }
    }

    @Test func `a packed file that is broken is an error`() async throws {
        try await withRepository { repository, mirror, _ in
            try Data("nonsense\n".utf8).write(to: URL(filePath: "\(repository.path)/packed-refs"))
            await #expect(throws: SluiceError.self) { try await mirror.references() }
        }
    }

    @Test func `no reference is missed while references are packed and deleted again and again`() async throws {
        try await withRepository { repository, mirror, first in
            for number in 0..<20 { try await repository.push(first, to: "candidate/\(number)") }
            async let packing: Void = pack(repository, 15, first)
            for _ in 0..<200 {
                let listing = try await mirror.references(under: "refs/heads/candidate/")
                #expect(listing.targets.count == 20)
            }
            try await packing
        }
    }

    private func pack(_ repository: ScriptedRepository, _ times: Int, _ commit: ObjectID) async throws {
        for _ in 0..<times {
            try await repository.git("pack-refs", "--all")
            // Loose again: an update of a packed reference writes its own file.
            let updates = (0..<20).map { "update refs/heads/candidate/\($0) \(commit)\n" }.joined()
            try await repository.run(
                ["--git-dir", repository.path, "update-ref", "--stdin"], input: Array(updates.utf8))
        }
    }

    @Test func `a missing repository is an error`() async throws {
        try await withTemporaryDirectory { directory in
            for path in ["\(directory)/none", directory] {
                let error = await #expect(throws: SluiceError.self) { try await GitMirror.open(path) }
                #expect(error?.code == "git.repository-missing")
                #expect(error?.kind == .stalled)
            }
        }
    }

    @Test func `a repository is made once and found again`() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/deep/er/m.git"
            #expect(try await GitMirror.create(path).references().targets.isEmpty)
            let again = try await GitMirror.create(path)
            #expect(try await again.resolve(try RefName.branch("main")) == nil)
        }
    }
}

@Suite struct ReferenceUpdateTests {
    static let name = "refs/sluice/x"

    @Test func `a reference moves only from where it is said to stand`() async throws {
        try await withRepository { repository, mirror, first in
            let second = try await repository.push(["b": "2"], to: "main")
            let name = try RefName(Self.name)
            try await mirror.update([ReferenceUpdate(name, from: nil, to: first)])
            for wrong in [nil, second] {
                let error = await #expect(throws: SluiceError.self) {
                    try await mirror.update([ReferenceUpdate(name, from: wrong, to: second)])
                }
                #expect(error?.code == "git.reference-moved")
                #expect(error?.kind == .conflict)
            }
            try await mirror.update([ReferenceUpdate(name, from: first, to: second)])
            #expect(try await repository.git("rev-parse", Self.name) == second.hex)
            try await mirror.update([ReferenceUpdate(name, from: second, to: nil)])
            #expect(try await mirror.resolve(name) == nil)
        }
    }

    @Test func `several references move together or not at all`() async throws {
        try await withRepository { _, mirror, first in
            let (one, other) = (try RefName("refs/sluice/a"), try RefName("refs/sluice/b"))
            await #expect(throws: SluiceError.self) {
                try await mirror.update([
                    ReferenceUpdate(one, from: nil, to: first), ReferenceUpdate(other, from: first, to: first),
                ])
            }
            #expect(try await mirror.resolve(one) == nil)
        }
    }

    @Test func `of many who make the same reference one succeeds`() async throws {
        try await withRepository { repository, _, first in
            let name = try RefName(Self.name)
            let made = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        let mirror = try await GitMirror.open(repository.path)
                        do {
                            try await mirror.update([ReferenceUpdate(name, from: nil, to: first)])
                            return true
                        } catch let error as SluiceError where error.code == "git.reference-moved" {
                            return false
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(made == 1)
        }
    }

    @Test func `a reference never points at an object that is not there`() async throws {
        try await withRepository { _, mirror, _ in
            let nothing = try ObjectID(String(repeating: "ab", count: 20))
            let error = await #expect(throws: SluiceError.self) {
                try await mirror.update([ReferenceUpdate(try RefName(Self.name), from: nil, to: nothing)])
            }
            #expect(error?.code == "git.object-missing")
        }
    }

    @Test func `a lock that somebody holds for ever is a transient error`() async throws {
        try await withRepository { repository, mirror, first in
            try Data().write(to: URL(filePath: "\(repository.path)/refs/heads/main.lock"))
            let error = await #expect(throws: SluiceError.self) {
                try await mirror.update([ReferenceUpdate(try RefName.branch("main"), from: first, to: first)])
            }
            #expect(error?.code == "git.reference-locked")
            #expect(error?.kind == .transient)
        }
    }
}
