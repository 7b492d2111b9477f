import Diagnostics
import Foundation
import GitClient
import TestSupport
import Testing

@Suite struct MirrorContentTests {
    @Test func `a commit is read with all its texts`() async throws {
        try await withRepository { repository, mirror, first in
            let id = try await repository.push(["b": "2"], to: "main", message: "\n\nSubject ünï\n\nBody\n")
            let commit = try await mirror.commit(id)
            #expect(commit.subject == "Subject ünï")
            #expect(commit.parents == [first])
            #expect(commit.author.name == "Ada Author")
            #expect(commit.author.email == "ada@example.org")
            #expect(commit.committer.date == Date(timeIntervalSince1970: 1_700_000_000))
            #expect(commit.tree.hex == (try await repository.git("rev-parse", "\(id)^{tree}")))
        }
    }

    @Test func `files come with their content, in the order of their paths`() async throws {
        try await withRepository { repository, mirror, _ in
            let id = try await repository.push(
                ["z/1.sql": "z", "a/b/2.sql": .bytes([0, 255]), "a-c": .executable("x"), "é 'q\"": "u"], to: "main")
            let files = try await mirror.files(in: id)
            #expect(files.map(\.path) == ["a-c", "a.txt", "a/b/2.sql", "z/1.sql", "é 'q\""])
            #expect(files.map(\.mode) == [.executable, .regular, .regular, .regular, .regular])
            #expect(files.first { $0.path == "a/b/2.sql" }?.bytes == [0, 255])
        }
    }

    @Test func `only what lies under the given paths is read, and once`() async throws {
        try await withRepository { repository, mirror, _ in
            let id = try await repository.push(["a/1": "1", "a/b/2": "2", "ab/3": "3"], to: "main")
            let paths = { try await mirror.files(in: id, under: $0).map(\.path) }
            #expect(try await paths(["a"]) == ["a/1", "a/b/2"])
            #expect(try await paths(["a/", "a/b", "a/b/2"]) == ["a/1", "a/b/2"])
            #expect(try await paths(["ab/3"]) == ["ab/3"])
            #expect(try await paths(["a/1/x", "none", "a*"]) == [])
            #expect(try await paths([]) == [])
            #expect(try await paths(["."]).count == 4)
        }
    }

    @Test(arguments: ["/etc", "../a", "a/../b", "a//b", "a/./b", "/", "a/\0", "//"])
    func `B-03: a path that leads elsewhere is refused`(path: String) async throws {
        try await withRepository { _, mirror, first in
            let error = await #expect(throws: SluiceError.self) { try await mirror.files(in: first, under: [path]) }
            #expect(error?.code == "git.path-invalid")
            await #expect(throws: SluiceError.self) { try await mirror.treeID(of: first, at: path) }
        }
    }

    @Test func `B-03: symbolic links and submodules are returned as such and never followed`() async throws {
        try await withRepository { repository, mirror, first in
            let id = try await repository.push(
                ["d/passwd": .symbolicLink("/etc/passwd"), "d/up": .symbolicLink(".."), "d/sub": .gitlink(first)],
                to: "main")
            let files = try await mirror.files(in: id, under: ["d"])
            #expect(files.map(\.mode) == [.symbolicLink, .gitlink, .symbolicLink])
            #expect(files.map(\.bytes) == [Array("/etc/passwd".utf8), [], Array("..".utf8)])
            #expect(try await mirror.files(in: id, under: ["d/up/a.txt", "d/sub/a.txt"]).isEmpty)
            #expect(try await mirror.treeID(of: id, at: "d/up/a.txt") == nil)
        }
    }

    @Test func `the id at a path tells content, whatever the history`() async throws {
        try await withRepository { repository, mirror, first in
            let one = try await repository.push(["a/x": "1", "b": "1"], to: "one")
            let two = try await repository.push(["a/x": "1", "b": "2"], to: "two", from: first)
            #expect(try await mirror.treeID(of: one, at: "a") == mirror.treeID(of: two, at: "a"))
            #expect(try await mirror.treeID(of: one, at: "") != mirror.treeID(of: two, at: ""))
            #expect(try await mirror.treeID(of: one, at: "none/at/all") == nil)
            #expect(try await mirror.treeID(of: one, at: "b")?.hex == repository.git("rev-parse", "\(one):b"))
        }
    }

    @Test func `B-03: a huge blob is refused before it is unpacked`() async throws {
        try await withRepository { repository, mirror, _ in
            let size = 64 << 20
            let id = try await repository.push(["huge": .bytes([UInt8](repeating: 0, count: size))], to: "main")
            let limits = TreeLimits(bytesPerFile: 1 << 20)
            let error = await #expect(throws: SluiceError.self) { try await mirror.files(in: id, limits: limits) }
            #expect(error?.code == "git.tree-too-large")
            #expect(error?.location?.file == "huge")
            let blob = try #require(try await mirror.treeID(of: id, at: "huge"))
            let direct = await #expect(throws: SluiceError.self) { try await mirror.blob(blob, limit: size - 1) }
            #expect(direct?.code == "git.object-too-large")
            #expect(try await mirror.blob(blob, limit: size).count == size)
        }
    }

    @Test(arguments: [
        TreeLimits(files: 2), TreeLimits(totalBytes: 5), TreeLimits(depth: 2), TreeLimits(entries: 3),
        TreeLimits(bytesPerFile: 2),
    ])
    func `each limit is kept`(limits: TreeLimits) async throws {
        try await withRepository { repository, mirror, _ in
            let id = try await repository.push(["d/e/1": "123", "d/e/2": "456"], to: "main")
            let error = await #expect(throws: SluiceError.self) { try await mirror.files(in: id, limits: limits) }
            #expect(error?.code == "git.tree-too-large")
        }
    }

    @Test func `B-03: a tree that names itself-alike trees a billion times is refused`() async throws {
        try await withRepository { repository, mirror, _ in
            let blob = try await repository.run(
                ["--git-dir", repository.path, "hash-object", "-w", "--stdin"], input: Array("x".utf8))
            var (object, mode, type) = (blob, "100644", "blob")
            for _ in 0..<10 {
                let lines = (0..<10).map { "\(mode) \(type) \(object)\tf\($0)\n" }.joined()
                object = try await repository.run(
                    ["--git-dir", repository.path, "mktree"], input: Array(lines.utf8))
                (mode, type) = ("040000", "tree")
            }
            let bomb = try ObjectID(try await repository.git("commit-tree", object, "-m", "bomb"))
            let error = await #expect(throws: SluiceError.self) { try await mirror.files(in: bomb) }
            #expect(error?.code == "git.tree-too-large")
        }
    }

    @Test(arguments: ["..", ".", "a/b", "\u{FF}"])
    func `B-03: a name in a tree that could be taken for another path is refused`(name: String) async throws {
        try await withRepository { repository, mirror, _ in
            let bytes = name == "\u{FF}" ? [0xFF] : Array(name.utf8)
            let commit = try await handMade([bytes], in: repository)
            let error = await #expect(throws: SluiceError.self) { try await mirror.files(in: commit) }
            #expect(error?.code == "git.tree-hostile")
        }
    }

    @Test func `B-03: two entries of one name are refused`() async throws {
        try await withRepository { repository, mirror, _ in
            let commit = try await handMade([[0x61], [0x61]], in: repository)
            await #expect(throws: SluiceError.self) { try await mirror.files(in: commit) }
        }
    }

    @Test func `an object that is missing is said to be missing`() async throws {
        try await withRepository { _, mirror, _ in
            let nothing = try ObjectID(String(repeating: "ab", count: 20))
            for attempt in [
                { _ = try await mirror.commit(nothing) }, { _ = try await mirror.files(in: nothing) },
                { _ = try await mirror.blob(nothing) }, { _ = try await mirror.treeID(of: nothing, at: "a") },
            ] as [() async throws -> Void] {
                let error = await #expect(throws: SluiceError.self) { try await attempt() }
                #expect(error?.code == "git.object-missing")
            }
            #expect(try await !mirror.contains(nothing))
        }
    }

    @Test func `a blob is no commit`() async throws {
        try await withRepository { _, mirror, first in
            let blob = try #require(try await mirror.treeID(of: first, at: "a.txt"))
            await #expect(throws: SluiceError.self) { try await mirror.commit(blob) }
        }
    }

    @Test func `an object whose bytes were changed on disk is not believed`() async throws {
        try await withRepository { repository, mirror, first in
            let blob = try #require(try await mirror.treeID(of: first, at: "a.txt")).hex
            let other = try await repository.run(
                ["--git-dir", repository.path, "hash-object", "-w", "--stdin"], input: Array("other\n".utf8))
            let place = { (id: String) in "\(repository.path)/objects/\(id.prefix(2))/\(id.dropFirst(2))" }
            try FileManager.default.removeItem(atPath: place(blob))
            try FileManager.default.createDirectory(
                atPath: "\(repository.path)/objects/\(blob.prefix(2))", withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: place(other), toPath: place(blob))
            await #expect(throws: SluiceError.self) { try await mirror.blob(try ObjectID(blob)) }
        }
    }

    @Test func `replacement objects and grafts are not heeded`() async throws {
        try await withRepository { repository, mirror, first in
            let second = try await repository.push(["a.txt": "two\n"], to: "main")
            try await repository.git("replace", second.hex, first.hex)
            #expect(try await mirror.files(in: second).first?.bytes == Array("two\n".utf8))
        }
    }

    @Test func `what is repacked and collected beneath an open mirror is still read`() async throws {
        try await withRepository { repository, mirror, first in
            _ = try await mirror.files(in: first)
            let second = try await repository.push(["b": "2"], to: "main")
            try await repository.git("repack", "-adfq")
            try await repository.git("pack-refs", "--all")
            try await repository.git("gc", "--quiet", "--prune=now")
            #expect(try await mirror.files(in: second).count == 2)
            #expect(try await mirror.resolve(try RefName.branch("main")) == second)
        }
    }

    /// A commit whose tree has empty files of these names, written past all of git's checks.
    private func handMade(_ names: [[UInt8]], in repository: ScriptedRepository) async throws -> ObjectID {
        let blob = try await repository.run(
            ["--git-dir", repository.path, "hash-object", "-w", "--stdin"], input: Array("x".utf8))
        let raw = stride(from: 0, to: 40, by: 2).compactMap { UInt8(blob.dropFirst($0).prefix(2), radix: 16) }
        let tree: [UInt8] = names.flatMap { name in Array("100644 ".utf8) + name + [0] + raw }
        let id = try await repository.run(
            ["--git-dir", repository.path, "hash-object", "-t", "tree", "--literally", "-w", "--stdin"], input: tree)
        return try ObjectID(try await repository.git("commit-tree", id, "-m", "hostile"))
    }
}
