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
        let lines = text.split(separator: "\n").map(String.init)
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

    /// The tree of a commit with some files changed; nil for a content deletes the file.
    func tree(of commit: ObjectID?, changing files: [String: [UInt8]?]) async throws -> ObjectID {
        let index = "\(path)/double-index-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: index) }
        let variables = ["GIT_INDEX_FILE": index]
        if let commit { try await git(["read-tree", commit.hex], variables: variables) }
        var lines = ""
        for (file, content) in files.sorted(by: { $0.key < $1.key }) {
            if let content {
                let blob = try await git(["hash-object", "-w", "--stdin"], input: content)
                lines += "100644 \(blob)\t\(file)\n"
            } else {
                lines += "0 \(String(repeating: "0", count: 40))\t\(file)\n"
            }
        }
        try await git(["update-index", "--index-info"], input: Array(lines.utf8), variables: variables)
        return try ObjectID(try await git(["write-tree"], variables: variables))
    }
}
