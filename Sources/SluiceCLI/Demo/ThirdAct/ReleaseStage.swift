import DesiredState
import Foundation
import Terminal

/// The author's side of the third act: commits, merges and reverts by hand, with real git.
struct ReleaseStage: Sendable {
    let directories: DemoDirectories
    let git: AuthorGit
    let narrator: Narrator

    /// The bare repository: a project of the local forge.
    private var bare: String { "\(directories.repositories)/\(SampleControlRepository.project).git" }

    /// Makes the repository with all stages and zones at one commit.
    func prepare() async throws {
        try FileManager.default.createDirectory(atPath: bare, withIntermediateDirectories: true)
        try await git.run(["init", "--quiet", "--bare", "--initial-branch=production", "."], in: bare)
        try await git.run(["clone", "--quiet", bare, directories.clone], in: directories.root)
        try DemoDirectories.write(SampleControlRepository.files(pin: "6"), below: directories.clone)
        try await commit("The control repository")
        let branches = SampleControlRepository.stages + SampleControlRepository.batches.flatMap(\.self)
        for branch in branches where branch != "production" { try await run("branch", branch) }
        try await run("push", "--quiet", "origin", "--all")
    }

    /// Makes a branch from the first stage with another pin, and pushes it.
    func branch(_ name: String, pinning digit: Character, message: String) async throws {
        try await run("fetch", "--quiet", "--prune")
        try await run("checkout", "--quiet", "-B", name, "origin/uat")
        let files = SampleControlRepository.files(pin: digit).filter { $0.key == "Puppetfile" }
        try DemoDirectories.write(files, below: directories.clone)
        try await commit(message)
        try await run("push", "--quiet", "origin", name)
    }

    /// Commits straight to a branch, as somebody in a hurry does.
    func hotfix(on branch: String, _ files: [String: String], message: String) async throws {
        try await check(out: branch)
        try DemoDirectories.write(files, below: directories.clone)
        try await commit(message)
        try await run("push", "--quiet", "origin", branch)
        try narrator.command("git push origin \(branch)     # \(message)")
    }

    /// Merges a branch into another by hand.
    func merge(_ source: String, into branch: String) async throws {
        try await check(out: branch)
        try await run("merge", "--quiet", "--no-ff", "--message", "Merge \(source) into \(branch)", "origin/\(source)")
        try await run("push", "--quiet", "origin", branch)
        try narrator.command("git merge --no-ff \(source)     # into \(branch), by hand")
    }

    /// Reverts the newest merge of a branch by hand.
    func revertMerge(on branch: String) async throws {
        try await check(out: branch)
        try await run("revert", "--no-edit", "--mainline", "1", "HEAD")
        try await run("push", "--quiet", "origin", branch)
        try narrator.command("git revert -m 1 HEAD     # on \(branch), by hand")
    }

    /// What a branch pins, and its other file.
    func content(of branch: String) async throws -> (pin: String, data: String) {
        try await run("fetch", "--quiet", "--prune")
        let puppetfile = try await run("show", "origin/\(branch):Puppetfile")
        let pin = puppetfile.firstMatch(of: /:commit => '([0-9a-f]{40})'/).map { String($0.1) }
        return (pin ?? "none", try await run("show", "origin/\(branch):data/common.yaml"))
    }

    private func check(out branch: String) async throws {
        try await run("fetch", "--quiet", "--prune")
        try await run("checkout", "--quiet", "-B", branch, "origin/\(branch)")
    }

    private func commit(_ message: String) async throws {
        try await run("add", "--all")
        try await run("commit", "--quiet", "--message", message)
    }

    @discardableResult
    private func run(_ arguments: String...) async throws -> String {
        try await git.run(arguments, in: directories.clone)
    }
}
