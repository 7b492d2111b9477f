import ChildProcess
import Foundation
public import GitClient

/// A bare repository and somebody who pushes to it, both by the real `git`.
///
/// Commits are made in the author's own repository and arrive by `git push`, so hooks run and everything is stored as
/// git stores it. Times are fixed: the same steps give the same ids.
public struct ScriptedRepository: Sendable {
    /// The bare repository that others read.
    public let path: String
    /// The author's own repository, bare too.
    public let authorPath: String

    /// Makes both repositories: `path` and, beside it, `path` + `.author`.
    public static func create(at path: String) async throws -> ScriptedRepository {
        let repository = ScriptedRepository(path: path, authorPath: "\(path).author")
        for directory in [path, repository.authorPath] {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try await repository.run(["init", "--quiet", "--bare", "--initial-branch=main", directory])
        }
        try await repository.run(
            ["--git-dir", repository.authorPath, "remote", "add", "origin", path])
        return repository
    }

    /// Commits files on top of `base` and pushes the commit to `branch`.
    /// - Parameters:
    ///   - files: What changes; everything else stays as it is in `base`.
    ///   - branch: The branch's short name, such as `main` or `candidate/7`.
    ///   - base: Any revision the author has; nil for the branch as the author last pushed it, or an empty tree.
    ///   - message: The commit's message.
    /// - Returns: The commit's id.
    @discardableResult
    public func push(
        _ files: [String: ScriptedFile], to branch: String, from base: ObjectID? = nil, message: String = "Change"
    ) async throws -> ObjectID {
        let commit = try await commit(files, on: branch, from: base, message: message)
        try await push(commit, to: branch)
        return commit
    }

    /// Pushes a commit that the author has to `branch`, forcibly.
    public func push(_ commit: ObjectID, to branch: String) async throws {
        try await author("push", "--quiet", "--force", "origin", "\(commit):refs/heads/\(branch)")
    }

    /// Deletes a branch by a push.
    public func delete(_ branch: String) async throws {
        try await author("push", "--quiet", "origin", ":refs/heads/\(branch)")
        try await author("update-ref", "-d", "refs/heads/\(branch)")
    }

    /// Merges a commit into a branch with a merge commit and pushes it. The two must not have touched the same files.
    @discardableResult
    public func merge(_ commit: ObjectID, into branch: String = "main") async throws -> ObjectID {
        let ours = try ObjectID(try await author("rev-parse", "refs/heads/\(branch)"))
        let tree = try await author("merge-tree", "--write-tree", ours.hex, commit.hex)
        let merge = try ObjectID(
            try await author("commit-tree", tree, "-p", ours.hex, "-p", commit.hex, "-m", "Merge \(commit)"))
        try await author("update-ref", "refs/heads/\(branch)", merge.hex)
        try await push(merge, to: branch)
        return merge
    }

    /// Commits files in the author's repository without pushing.
    public func commit(
        _ files: [String: ScriptedFile], on branch: String, from base: ObjectID? = nil, message: String = "Change"
    ) async throws -> ObjectID {
        let reference = "refs/heads/\(branch)"
        let known = try? await author("rev-parse", "--verify", "--quiet", reference)
        let parent = try base ?? known.map { try ObjectID($0) }
        let stream = FastImport.commit(files, on: reference, parent: parent, message: message)
        try await run(
            ["--git-dir", authorPath, "fast-import", "--quiet", "--force"], input: stream)
        return try ObjectID(try await author("rev-parse", reference))
    }

    /// Runs git in the bare repository and returns what it prints, without the line feed at the end.
    @discardableResult
    public func git(_ arguments: String...) async throws -> String {
        try await run(["--git-dir", path] + arguments)
    }

    /// Runs git in the author's repository and returns what it prints, without the line feed at the end.
    @discardableResult
    public func author(_ arguments: String...) async throws -> String {
        try await run(["--git-dir", authorPath] + arguments)
    }

    /// Runs git with this input.
    @discardableResult
    public func run(_ arguments: [String], input: [UInt8] = []) async throws -> String {
        let child = Child(
            "git", arguments, environment: Self.environment, workingDirectory: "/", input: input,
            outputLimit: 64 << 20, deadline: .seconds(600), leftovers: .left)
        let result = try await child.run()
        guard result.status.isSuccess else { throw ScriptedGitError(arguments: arguments, message: result.errorText) }
        return result.outputText.trimmingCharacters(in: .newlines)
    }

    /// A user without any configuration of their own, at a fixed time.
    private static let environment = [
        "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": "Ada Author", "GIT_AUTHOR_EMAIL": "ada@example.org", "GIT_AUTHOR_DATE": FastImport.date,
        "GIT_COMMITTER_NAME": "Ada Author", "GIT_COMMITTER_EMAIL": "ada@example.org",
        "GIT_COMMITTER_DATE": FastImport.date,
    ]
}

/// A scripted git command that failed.
public struct ScriptedGitError: Error, CustomStringConvertible {
    let arguments: [String]
    let message: String

    /// The command and git's words.
    public var description: String { "git \(arguments.joined(separator: " ")): \(message)" }
}
