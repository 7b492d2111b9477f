import Diagnostics
import ForgeDoubles
import Foundation
import GitClient
import Terminal

/// What the second act plays on: a stand-in for Gerrit, and an author with a clone of each project.
struct GerritStage: Sendable {
    let double: ForgeDouble
    /// Where the stand-in listens.
    let address: String
    let directories: DemoDirectories
    let narrator: Narrator
    let git: AuthorGit

    /// The registry's project.
    static let registry = "registries/land"

    /// Clones a project as its author, below the root.
    func clone(_ project: String) async throws {
        let url = address.replacingAll("http://", with: "http://\(DevForgeAccounts.author)@") + "/a/\(project)"
        try narrator.command("git clone \(url)")
        let store = "credential.helper=store --file \(DevForgeAccounts.credentialsFile(in: directories.gerrit))"
        try await git.run(
            ["-c", store, "clone", "--quiet", "-c", store, url, clone(of: project)], in: directories.root)
    }

    /// Commits files on master and pushes them, straight to the branch.
    @discardableResult
    func push(_ files: [String: String], of project: String, message: String) async throws -> String {
        try await commit(files, of: project, message: message)
        try narrator.command("git push origin master")
        try await git.run(["push", "--quiet", "origin", "HEAD:refs/heads/master"], in: clone(of: project))
        return try await git.run(["rev-parse", "HEAD"], in: clone(of: project))
    }

    /// Pushes files for review: a new change, or the next patch set of the one with that Change-Id.
    func review(
        _ files: [String: String], of project: String, message: String, changeID: String
    ) async throws -> String {
        let clone = clone(of: project)
        try await git.run(["fetch", "--quiet", "origin"], in: clone)
        try await git.run(["reset", "--quiet", "--hard", "origin/master"], in: clone)
        try await commit(files, of: project, message: "\(message)\n\nChange-Id: \(changeID)")
        try narrator.command("git push origin HEAD:refs/for/master")
        try await git.run(["push", "--quiet", "origin", "HEAD:refs/for/master"], in: clone)
        return try await git.run(["rev-parse", "HEAD"], in: clone)
    }

    /// Waits until Sluice's own vote stands on the last patch set of a change, and gives it with its message.
    func vote(on number: Int, of project: String, at commit: String) async throws -> (value: Int, message: String) {
        try await Patience.wait(for: "a vote on change \(number)") {
            try await double.administer { world in
                let change = try await world.record(number, in: project)
                guard let last = change.revisions.last, last.commit.hex == commit else { return nil }
                let sluice = try await world.addAccount(DevForgeAccounts.sluice).id
                let vote = change.votes(on: last.number).last {
                    $0.label == "Verified" && $0.account == sluice && !$0.isCopied && $0.value != 0
                }
                let message = change.comments.last { $0.author == sluice && $0.revision == last.number }
                return vote.map { ($0.value, message?.body ?? "") }
            }
        }
    }

    private func clone(of project: String) -> String { "\(directories.root)/\(project.replacingAll("/", with: "-"))" }

    private func commit(_ files: [String: String], of project: String, message: String) async throws {
        try DemoDirectories.write(files, below: clone(of: project))
        try await git.run(["add", "--all"], in: clone(of: project))
        let subject = message.words(at: "\n").first ?? ""
        try narrator.command("git commit -m \"\(subject)\"")
        try await git.run(["commit", "--quiet", "--message", message], in: clone(of: project))
    }
}
