import ChildProcess
import Diagnostics
import Foundation
import GitClient
import TestSupport
import Testing

private let transport = GitTransport(allowing: [.file, .http])

/// A repository with one commit on main, its address, and the path of a mirror that is not there yet.
private func withRemote<R>(
    _ body: (ScriptedRepository, GitRemote, _ mirrorPath: String, ObjectID) async throws -> R
) async throws -> R {
    try await withTemporaryDirectory("transport") { directory in
        let repository = try await ScriptedRepository.create(at: "\(directory)/r.git")
        let first = try await repository.push(["a.txt": "one\n"], to: "main", message: "First")
        return try await body(repository, try GitRemote(path: repository.path), "\(directory)/m.git", first)
    }
}

private func heads() throws -> RefSpec { try RefSpec("refs/heads/*", to: "refs/heads/*") }

@Suite struct FetchTests {
    @Test func `a clone has the branches and all their content`() async throws {
        try await withRemote { repository, remote, path, first in
            try await repository.push(first, to: "candidate/a/b")
            let mirror = try await transport.clone(remote, into: path, refspecs: [try heads()])
            #expect(try await mirror.references().targets.count == 2)
            #expect(try await mirror.files(in: first).map(\.path) == ["a.txt"])
        }
    }

    @Test func `a fetch brings what is new and takes what is gone`() async throws {
        try await withRemote { repository, remote, path, first in
            try await repository.push(first, to: "candidate/a")
            let mirror = try await transport.clone(remote, into: path, refspecs: [try heads()])
            let second = try await repository.push(["b": "2"], to: "main")
            try await repository.delete("candidate/a")
            // A directory where a reference was: only possible when the old name goes first.
            try await repository.push(second, to: "candidate/a/b")
            try await transport.fetch(into: path, from: remote, refspecs: [try heads()])
            let targets = try await mirror.references().targets
            #expect(targets == [try RefName.branch("main"): second, try RefName.branch("candidate/a/b"): second])
        }
    }

    @Test func `a branch that was rewritten is followed`() async throws {
        try await withRemote { repository, remote, path, first in
            let mirror = try await transport.clone(remote, into: path, refspecs: [try heads()])
            let amended = try await repository.push(["c": "3"], to: "main", from: first)
            try await repository.push(first, to: "main")
            try await repository.push(amended, to: "main")
            try await transport.fetch(into: path, from: remote, refspecs: [try heads()])
            #expect(try await mirror.resolve(try RefName.branch("main")) == amended)
        }
    }

    @Test func `an empty repository has no references, and that is no error`() async throws {
        try await withTemporaryDirectory { directory in
            let repository = try await ScriptedRepository.create(at: "\(directory)/r.git")
            let remote = try GitRemote(path: repository.path)
            #expect(try await transport.lsRemote(remote).targets.isEmpty)
            let mirror = try await transport.clone(remote, into: "\(directory)/m.git", refspecs: [try heads()])
            #expect(try await mirror.references().targets.isEmpty)
        }
    }

    @Test func `objects that a repository borrows from another one come along`() async throws {
        try await withRemote { repository, _, path, first in
            let fork = "\(path).fork.git"
            try await repository.run(["clone", "--quiet", "--bare", "--shared", repository.path, fork])
            #expect(FileManager.default.fileExists(atPath: "\(fork)/objects/info/alternates"))
            let mirror = try await transport.clone(try GitRemote(path: fork), into: path, refspecs: [try heads()])
            #expect(!FileManager.default.fileExists(atPath: "\(path)/objects/info/alternates"))
            try FileManager.default.removeItem(atPath: repository.path)
            #expect(try await mirror.files(in: first).count == 1)
        }
    }

    @Test func `B-03: malformed objects do not come in`() async throws {
        try await withRemote { repository, remote, path, _ in
            let blob = try await repository.run(
                ["--git-dir", repository.path, "hash-object", "-w", "--stdin"], input: Array("x".utf8))
            let raw = stride(from: 0, to: 40, by: 2).compactMap { UInt8(blob.dropFirst($0).prefix(2), radix: 16) }
            let tree = try await repository.run(
                ["--git-dir", repository.path, "hash-object", "-t", "tree", "--literally", "-w", "--stdin"],
                input: Array("100644 ..".utf8) + [0] + raw)
            let commit = try await repository.git("commit-tree", tree, "-m", "hostile")
            try await repository.git("update-ref", "refs/heads/hostile", commit)
            let error = await #expect(throws: SluiceError.self) {
                try await transport.clone(remote, into: path, refspecs: [try heads()])
            }
            #expect(error?.code == "git.content-refused")
            #expect(error?.kind == .stalled)
        }
    }

    @Test func `a pack that is larger than allowed is stopped while it is written`() async throws {
        try await withRemote { repository, remote, path, _ in
            var noise = SystemRandomNumberGenerator()
            let bytes = (0..<(1 << 18)).flatMap { _ in withUnsafeBytes(of: noise.next()) { Array($0) } }
            try await repository.push(["noise": .bytes(bytes)], to: "main")
            var small = transport
            small.maximumFileSize = 1 << 20
            let error = await #expect(throws: SluiceError.self) {
                try await small.clone(remote, into: path, refspecs: [try heads()])
            }
            #expect(error?.code == "git.repository-too-large")
        }
    }

    @Test func `a reference that is gone is a conflict, for the world has moved`() async throws {
        try await withRemote { _, remote, path, _ in
            let refspec = try RefSpec("refs/heads/gone", to: "refs/heads/gone")
            let error = await #expect(throws: SluiceError.self) {
                try await transport.clone(remote, into: path, refspecs: [refspec])
            }
            #expect(error?.code == "git.reference-missing")
            #expect(error?.kind == .conflict)
        }
    }

    @Test func `hooks and configuration of the mirror are not run`() async throws {
        try await withRemote { repository, remote, path, _ in
            let mirror = try await GitMirror.create(path)
            let mark = "\(path).mark"
            let hook = "\(mirror.path)/hooks/reference-transaction"
            try FileManager.default.createDirectory(
                atPath: "\(mirror.path)/hooks", withIntermediateDirectories: true)
            try "#!/bin/dash\ntouch \(mark)\n".write(toFile: hook, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
            try await transport.fetch(into: path, from: remote, refspecs: [try heads()])
            #expect(!FileManager.default.fileExists(atPath: mark))
            #expect(try await mirror.references().targets.count == 1)
        }
    }

    @Test func `a lock that a dead child left does not stop a mirror for ever`() async throws {
        try await withRemote { repository, remote, path, _ in
            let mirror = try await transport.clone(remote, into: path, refspecs: [try heads()])
            let second = try await repository.push(["b": "2"], to: "main")
            let lock = "\(path)/refs/heads/main.lock"
            try Data().write(to: URL(filePath: lock))
            let error = await #expect(throws: SluiceError.self) {
                try await transport.fetch(into: path, from: remote, refspecs: [try heads()])
            }
            #expect(error?.code == "git.reference-locked")
            let old = Date(timeIntervalSinceNow: -3600)
            try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: lock)
            try await transport.fetch(into: path, from: remote, refspecs: [try heads()])
            #expect(try await mirror.resolve(try RefName.branch("main")) == second)
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func `a repository of another account is read`() async throws {
        try await withRemote { repository, remote, path, first in
            let owner = ["HOME": "/nonexistent", "PATH": "/usr/bin:/bin"]
            let change = Child("chown", ["-R", "65534:65534", repository.path], environment: owner)
            #expect(try await change.run().status.isSuccess)
            #expect(try await GitMirror.open(repository.path).files(in: first).count == 1)
            let mirror = try await transport.clone(remote, into: path, refspecs: [try heads()])
            #expect(try await mirror.contains(first))
        }
    }

    @Test func `a mirror is repacked without losing anything`() async throws {
        try await withRemote { repository, remote, path, first in
            let mirror = try await transport.clone(remote, into: path, refspecs: [try heads()])
            try await transport.compact(path)
            #expect(try await mirror.references().targets.count == 1)
            #expect(try await mirror.files(in: first).count == 1)
        }
    }
}

@Suite struct LsRemoteTests {
    @Test func `references are listed as the server has them`() async throws {
        try await withRemote { repository, remote, _, first in
            for name in MirrorReferenceTests.hostile { try await repository.push(first, to: name) }
            let listing = try await transport.lsRemote(remote, prefixes: ["refs/heads/candidate/"])
            #expect(Set(listing.targets.keys) == Set(try MirrorReferenceTests.hostile.map { try RefName.branch($0) }))
            #expect(try await transport.lsRemote(remote, prefixes: ["refs/tags/"]).targets.isEmpty)
        }
    }
}

@Suite struct PushTests {
    @Test func `a push moves a reference from where it stands`() async throws {
        try await withRemote { repository, remote, path, first in
            let second = try await repository.push(["b": "2"], to: "side", from: first)
            try await transport.clone(remote, into: path, refspecs: [try heads()])
            let (main, new) = (try RefName.branch("main"), try RefName.branch("-new"))
            try await transport.push(
                from: path, to: remote,
                updates: [
                    ReferenceUpdate(main, from: first, to: second), ReferenceUpdate(new, from: nil, to: first),
                    ReferenceUpdate(try RefName.branch("side"), from: second, to: nil),
                ])
            #expect(try await transport.lsRemote(remote).targets == [main: second, new: first])
        }
    }

    @Test func `a push onto a reference that has moved is a conflict and changes nothing`() async throws {
        try await withRemote { repository, remote, path, first in
            let second = try await repository.push(["b": "2"], to: "side", from: first)
            try await transport.clone(remote, into: path, refspecs: [try heads()])
            let moved = try await repository.push(["c": "3"], to: "main")
            let (main, new) = (try RefName.branch("main"), try RefName.branch("new"))
            for expected in [first, nil] {
                let error = await #expect(throws: SluiceError.self) {
                    try await transport.push(
                        from: path, to: remote,
                        updates: [
                            ReferenceUpdate(main, from: expected, to: second),
                            ReferenceUpdate(new, from: nil, to: first),
                        ])
                }
                #expect(error?.code == "git.reference-moved")
                #expect(error?.kind == .conflict)
            }
            let targets = try await transport.lsRemote(remote).targets
            #expect(targets[main] == moved)
            #expect(targets[new] == nil)
        }
    }

    @Test func `a push that the server's hook refuses says so in the hook's words`() async throws {
        try await withRemote { repository, remote, path, first in
            try await transport.clone(remote, into: path, refspecs: [try heads()])
            try await writeProgram(
                "#!/bin/dash\necho 'the branch is frozen'\nexit 1\n", to: "\(repository.path)/hooks/pre-receive")
            let error = await #expect(throws: SluiceError.self) {
                try await transport.push(
                    from: path, to: remote,
                    updates: [ReferenceUpdate(try RefName.branch("new"), from: nil, to: first)])
            }
            #expect(error?.code == "git.push-rejected")
            #expect(error?.kind == .stalled)
            #expect(error?.detail?.contains("the branch is frozen") == true)
        }
    }
}

@Suite(.timeLimit(.minutes(10))) struct TransportFailureTests {
    @Test func `a repository that is not there is a person's mistake`() async throws {
        let error = await #expect(throws: SluiceError.self) {
            try await transport.lsRemote(try GitRemote(path: "/no/such/repository.git"))
        }
        #expect(error?.code == "git.repository-missing")
        #expect(error?.kind == .stalled)
    }

    @Test func `a way that is not open is not tried`() async throws {
        let closed = GitTransport(allowing: [.https, .ssh])
        for url in ["file:///tmp", "http://127.0.0.1:1/a"] {
            let error = await #expect(throws: SluiceError.self) { try await closed.lsRemote(try GitRemote(url)) }
            #expect(error?.code == "git.protocol-refused")
            #expect(error?.kind == .stalled)
        }
    }

    @Test(arguments: [
        ("401 Unauthorized", "git.access-denied", SluiceError.Kind.stalled),
        ("403 Forbidden", "git.access-denied", .stalled),
        ("404 Not Found", "git.repository-missing", .stalled),
        ("500 Internal Server Error", "git.transport-failed", .transient),
        ("503 Service Unavailable", "git.transport-failed", .transient),
        ("429 Too Many Requests", "git.rate-limited", .transient),
    ])
    func `what a server answers decides whether to try again`(
        status: String, code: String, kind: SluiceError.Kind
    ) async throws {
        let server = try CannedServer(answer: "HTTP/1.1 \(status)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        defer { server.stop() }
        let error = await #expect(throws: SluiceError.self) {
            try await transport.lsRemote(try GitRemote("http://127.0.0.1:\(server.port)/a.git"))
        }
        #expect(error?.code.rawValue == code)
        #expect(error?.kind == kind)
        #expect(error?.description.contains("127.0.0.1") == false)
    }

    @Test func `B-04: a redirect is not followed`() async throws {
        let target = try CannedServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let server = try CannedServer(
            answer: "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:\(target.port)/a.git/info/refs\r\n"
                + "Content-Length: 0\r\nConnection: close\r\n\r\n")
        defer { [server, target].forEach { $0.stop() } }
        let error = await #expect(throws: SluiceError.self) {
            try await transport.lsRemote(try GitRemote("http://127.0.0.1:\(server.port)/a.git"))
        }
        #expect(error != nil)
        #expect(target.connections == 0)
    }

    @Test func `a server that speaks git over HTTP is listened to, and may have nothing`() async throws {
        let first = "dff53ad566afa4a920ba071ed5f252ef41488928"
        let capabilities = "\0agent=git/2\n"
        let line = { (text: String) in String(format: "%04x", text.utf8.count + 4) + text }
        let lists = [
            line("\(first) refs/heads/main\(capabilities)"): 1,
            line("\(String(repeating: "0", count: 40)) capabilities^{}\(capabilities)"): 0,
        ]
        for (list, count) in lists {
            let body = line("# service=git-upload-pack\n") + "0000" + list + "0000"
            let server = try CannedServer(
                answer: "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement\r\n"
                    + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
            defer { server.stop() }
            let listing = try await transport.lsRemote(try GitRemote("http://127.0.0.1:\(server.port)/a.git"))
            #expect(listing.targets.count == count)
        }
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\n\r\n<html>Please log in", "HTTP/1.1 200 OK\r\n\r\n", "\u{0}\u{1}garbage",
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement\r\n\r\n<html>",
        "HTTP/1.1 200 OK\r\n\r\ndff53ad566afa4a920ba071ed5f252ef41488928\trefs/heads/main\n",
    ])
    func `a server that talks nonsense is an error and no empty list`(answer: String) async throws {
        let server = try CannedServer(answer: answer)
        defer { server.stop() }
        await #expect(throws: SluiceError.self) {
            try await transport.lsRemote(try GitRemote("http://127.0.0.1:\(server.port)/a.git"))
        }
    }

    @Test func `nobody listening is tried again later`() async throws {
        let server = try CannedServer(answer: nil)
        server.stop()
        let error = await #expect(throws: SluiceError.self) {
            try await transport.lsRemote(try GitRemote("http://127.0.0.1:\(server.port)/a.git"))
        }
        #expect(error?.kind == .transient)
    }

    @Test func `a server that never answers is given up at the deadline`() async throws {
        let server = try CannedServer(answer: nil)
        defer { server.stop() }
        var hasty = transport
        hasty.deadline = .milliseconds(500)
        let error = await #expect(throws: ChildError.self) {
            try await hasty.lsRemote(try GitRemote("http://127.0.0.1:\(server.port)/a.git"))
        }
        #expect(error?.kind == .deadlineExceeded)
        #expect(error?.sluiceError.kind == .transient)
    }

    @Test func `a fetch that is cancelled ends at once`() async throws {
        let server = try CannedServer(answer: nil)
        defer { server.stop() }
        let running = Task { try await transport.lsRemote(try GitRemote("http://127.0.0.1:\(server.port)/a.git")) }
        await Task.yield()
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
    }

    @Test func `the installed git is recent enough`() async throws {
        #expect(try await transport.version().hasPrefix("2."))
    }
}

/// What the children of a transport are told, read back from git itself.
@Suite struct TransportEnvironmentTests {
    @Test func `a user's configuration does not apply`() async throws {
        try await withRemote { repository, remote, path, _ in
            let home = "\(path).home"
            try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
            let configuration = "[url \"/no/such/place\"]\n\tinsteadOf = \(remote.address)\n"
            try configuration.write(toFile: "\(home)/.gitconfig", atomically: true, encoding: .utf8)
            var tempted = transport
            tempted.extraEnvironment = [
                "HOME": home, "XDG_CONFIG_HOME": home, "GIT_CONFIG_GLOBAL": "\(home)/.gitconfig",
            ]
            #expect(try await tempted.lsRemote(remote).targets.count == 1)
        }
    }

    @Test func `no file is left behind in the temporary directory`() async throws {
        try await withRemote { _, remote, _, _ in
            let before = try temporaryFiles()
            _ = try await transport.lsRemote(remote)
            let left = try temporaryFiles().subtracting(before)
            for file in left {
                // Another test's child may be running: its file is one that goes away.
                while FileManager.default.fileExists(atPath: "/tmp/\(file)") { await Task.yield() }
            }
        }
    }

    private func temporaryFiles() throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: "/tmp").filter { $0.hasPrefix("sluice-git-") })
    }
}
