import ChildProcess
import Diagnostics
import Foundation
import GitClient

/// One project's repository: read through libgit2, written by the real git.
struct BareRepository: Sendable {
    let path: String
    let mirror: GitMirror
    let searchPath: String

    static func open(_ path: String, defaultBranch: String, searchPath: String) async throws -> BareRepository {
        let isNew = !FileManager.default.fileExists(atPath: path)
        let mirror = try await GitMirror.create(path)
        let repository = BareRepository(path: path, mirror: mirror, searchPath: searchPath)
        if isNew {
            try await repository.git(["symbolic-ref", "HEAD", "refs/heads/\(defaultBranch)"])
            // Hosts let clients fetch any commit that they have seen by its id.
            try await repository.git(["config", "uploadpack.allowAnySHA1InWant", "true"])
        }
        return repository
    }

    @discardableResult
    func git(
        _ arguments: [String], input: [UInt8] = [], variables: [String: String] = [:], accepting: Set<Int32> = [0]
    ) async throws -> String {
        var environment = [
            "PATH": searchPath, "HOME": "/nonexistent", "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_DIR": path,
        ]
        environment.merge(variables) { _, new in new }
        let result = try await Child(
            "git", arguments, environment: environment, workingDirectory: path, input: input, outputLimit: 64 << 20
        ).run()
        guard case .exited(let code) = result.status, accepting.contains(code) else {
            throw SluiceError(
                "forge-double.git-failed", .stalled, "git \(arguments.first ?? "") failed", detail: result.errorText)
        }
        return result.outputText.trimming("\n")
    }

    func branch(_ name: String) async throws -> ObjectID? {
        guard let reference = try? RefName.branch(name) else { return nil }
        return try await mirror.resolve(reference)
    }

    /// A commit by its id, or the name of a branch or a reference.
    func commit(_ name: String) async throws -> ObjectID? {
        if let id = ObjectID(exactly: name) { return try await mirror.contains(id) ? id : nil }
        if let id = try await branch(name) { return id }
        guard let reference = try? RefName(name) else { return nil }
        return try await mirror.resolve(reference)
    }

    func move(_ reference: String, from old: ObjectID?, to new: ObjectID?) async throws {
        try await mirror.update([ReferenceUpdate(try RefName(reference), from: old, to: new)])
    }

    /// Sets a reference of the host's own, wherever it stood.
    func set(_ reference: String, to commit: ObjectID) async throws {
        let name = try RefName(reference)
        try await mirror.update([ReferenceUpdate(name, from: try await mirror.resolve(name), to: commit)])
    }
}

extension BareRepository {
    enum Merge {
        case tree(ObjectID)
        case conflicts([String])
    }

    /// Merges two commits as `git merge` would, without a work tree.
    func merge(_ ours: ObjectID, _ theirs: ObjectID) async throws -> Merge {
        let text = try await git(
            ["merge-tree", "--write-tree", "--name-only", "--no-messages", ours.hex, theirs.hex], accepting: [0, 1])
        let lines = text.words(at: "\n").map(String.init)
        guard let first = lines.first, let tree = ObjectID(exactly: first) else { return .conflicts([]) }
        return lines.count == 1 ? .tree(tree) : .conflicts(Array(lines.dropFirst()))
    }

    func commit(
        tree: ObjectID, parents: [ObjectID], message: String, by account: StoredAccount, at date: Date
    ) async throws -> ObjectID {
        let stamp = "\(Int(date.timeIntervalSince1970)) +0000"
        let text = try await git(
            ["commit-tree", tree.hex] + parents.flatMap { ["-p", $0.hex] }, input: Array(message.utf8),
            variables: [
                "GIT_AUTHOR_NAME": account.name, "GIT_AUTHOR_EMAIL": account.email, "GIT_AUTHOR_DATE": stamp,
                "GIT_COMMITTER_NAME": account.name, "GIT_COMMITTER_EMAIL": account.email, "GIT_COMMITTER_DATE": stamp,
            ])
        return try ObjectID(text)
    }

    /// A commit of some files on top of another one; nil for a content deletes the file. All of it is one child process.
    func commit(
        changing files: [String: [UInt8]?], on parent: ObjectID?, tree base: ObjectID? = nil, message: String,
        by account: StoredAccount, at date: Date
    ) async throws -> ObjectID {
        let reference = "refs/double/\(UUID().uuidString)"
        let person = "\(account.name) <\(account.email)> \(Int(date.timeIntervalSince1970)) +0000"
        func data(_ bytes: [UInt8]) -> [UInt8] { Array("data \(bytes.count)\n".utf8) + bytes + [0x0A] }
        var stream = Array("commit \(reference)\nmark :1\nauthor \(person)\ncommitter \(person)\n".utf8)
        stream += data(Array(message.utf8))
        if let parent { stream += Array("from \(parent.hex)\n".utf8) }
        if let base { stream += Array("M 040000 \(base.hex) \n".utf8) }
        for (path, content) in files.sorted(by: { $0.key < $1.key }) {
            if let content {
                stream += Array("M 100644 inline \(path)\n".utf8) + data(content)
            } else {
                stream += Array("D \(path)\n".utf8)
            }
        }
        stream += Array("\nget-mark :1\n".utf8)
        let commit = try ObjectID(try await git(["fast-import", "--quiet"], input: stream))
        try await move(reference, from: commit, to: nil)
        return commit
    }
}
