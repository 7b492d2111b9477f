import ChildProcess
import Diagnostics

extension GitTransport {
    /// Moves references of a remote from where they are said to stand to objects of a local repository.
    ///
    /// Each update is made only while the remote's reference stands at ``ReferenceUpdate/old``; then also backwards.
    /// The remote is asked to make all updates or none, and refuses as a whole when it cannot.
    /// - Throws: `git.reference-moved` when a reference stands elsewhere; `git.push-rejected` when the server refused
    ///   (a hook, a protected branch), with its words in the detail; see also the type's comment.
    public func push(from mirrorPath: String, to remote: GitRemote, updates: [ReferenceUpdate]) async throws {
        guard !updates.isEmpty else { return }
        var arguments = ["--git-dir", mirrorPath, "push", "--porcelain", "--atomic", "--no-verify"]
        arguments += updates.map { "--force-with-lease=\($0.reference):\($0.old?.hex ?? "")" }
        arguments += ["--end-of-options", remote.address]
        arguments += updates.map { "\($0.new?.hex ?? ""):\($0.reference)" }
        let result = try await git(arguments, remote: remote, acceptedCodes: [0, 1])
        guard result.status != .exited(0) else { return }
        throw rejection(result)
    }

    /// Reads the lines of `--porcelain`: flag, tab, source:destination, tab, summary.
    private func rejection(_ result: ChildResult) -> SluiceError {
        let refused = result.outputText.words(at: "\n").filter { $0.begins(with: "!") }
        guard !refused.isEmpty else { return GitFailure(result, scrubber: scrubber).error }
        let words = refused.joined(separator: "\n")
        let detail = scrubber.scrub(words + "\n" + result.errorText)
        let signsOfMovement = [
            "stale info", "fetch first", "non-fast-forward", "failed to update ref", "cannot lock ref",
        ]
        if signsOfMovement.contains(where: words.contains) {
            return SluiceError(
                "git.reference-moved", .conflict, "a branch on the server was changed meanwhile", detail: detail)
        }
        return SluiceError("git.push-rejected", .stalled, "the git server refused the push", detail: detail)
    }
}
