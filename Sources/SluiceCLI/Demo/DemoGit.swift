import Foundation
import GitHooks

/// The author of the demonstration: the real `git`, in a clone of their own, pushing to the bare repository.
struct DemoGit: Sendable {
    let directories: DemoDirectories
    let narrator: Narrator
    /// Where programs are looked for.
    let searchPath: String

    /// Makes the bare repository with the hook, and the author's clone.
    ///
    /// - Parameter server: Where the hook finds the controller.
    func prepare(program: String, server: String) async throws {
        let bare = directories.repository
        try narrator.command("git init --bare \(bare)")
        try await run(["init", "--quiet", "--bare", "--initial-branch=master", bare], in: directories.root)
        let hook = "\(bare)/hooks/post-receive"
        try narrator.command("cp hooks/post-receive \(bare)/hooks/")
        try DemoDirectories.write(["post-receive": GitHook.postReceive.script], below: "\(bare)/hooks")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
        try await run(["config", "sluice.bin", program], in: bare)
        for argument in ["--server", server] {
            try await run(["config", "--add", "sluice.notifyArg", argument], in: bare)
        }
        // The clone of an empty repository stands on a master that its first commit will make.
        try await run(["clone", "--quiet", bare, directories.clone], in: directories.root)
    }

    /// Commits files on a branch and pushes it; a branch that is not there yet begins at master. Returns the commit.
    func push(_ files: [String: String], to branch: String, message: String) async throws -> String {
        let isNew = try await git(accepting: [0, 1], "rev-parse", "--verify", "--quiet", "refs/heads/\(branch)").isEmpty
        if !isNew {
            try await git("checkout", "--quiet", branch)
        } else if branch != "master" {
            try await git("checkout", "--quiet", "-b", branch, "master")
        }
        try DemoDirectories.write(files, below: directories.clone)
        try await git("add", "--all")
        try narrator.command("git commit -m \"\(message)\"")
        try await git("commit", "--quiet", "--message", message)
        return try await push(branch)
    }

    /// Merges a branch into master and pushes master.
    func merge(_ branch: String) async throws -> String {
        try await git("checkout", "--quiet", "master")
        try narrator.command("git merge --no-ff \(branch)")
        try await git("merge", "--quiet", "--no-ff", "--message", "Merge \(branch)", branch)
        return try await push("master")
    }

    /// Deletes a branch of the bare repository.
    func delete(_ branch: String) async throws {
        try narrator.command("git push origin --delete \(branch)")
        try await git("push", "--quiet", "origin", "--delete", branch)
    }

    /// The verdict's note on a commit as it is in the bare repository; nil when there is none.
    func note(on commit: String) async throws -> String? {
        let text = try await run(
            ["notes", "--ref=verified", "show", commit], in: directories.repository, accepting: [0, 1])
        return text.isEmpty ? nil : text
    }

    /// A commit with its verdict, as its author sees it.
    func log(_ commit: String) async throws -> String {
        try narrator.command("git fetch origin '+refs/notes/*:refs/notes/*'; git log --notes=verified -1")
        try await git("fetch", "--quiet", "origin", "+refs/notes/*:refs/notes/*")
        return try await git("log", "--notes=verified", "-1", "--format=%h %s%n%n%N", commit)
    }

    private func push(_ branch: String) async throws -> String {
        try narrator.command("git push origin \(branch)")
        try await git("push", "--quiet", "origin", branch)
        return try await git("rev-parse", "HEAD")
    }

    @discardableResult
    private func git(_ arguments: String...) async throws -> String {
        try await author.run(arguments, in: directories.clone)
    }

    private func git(accepting codes: Set<Int32>, _ arguments: String...) async throws -> String {
        try await author.run(arguments, in: directories.clone, accepting: codes)
    }

    @discardableResult
    private func run(
        _ arguments: [String], in directory: String, accepting codes: Set<Int32> = [0]
    ) async throws -> String {
        try await author.run(arguments, in: directory, accepting: codes)
    }

    private var author: AuthorGit { AuthorGit(home: directories.root, searchPath: searchPath) }
}
