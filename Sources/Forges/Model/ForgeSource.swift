public import GitClient

/// Where a project's commits are fetched from.
public struct ForgeSource: Hashable, Sendable {
    /// The repository.
    public let remote: GitRemote
    /// The references that bring the branches' and all open candidates' commits.
    public let refspecs: [RefSpec]

    /// Makes a source.
    public init(remote: GitRemote, refspecs: [RefSpec]) {
        self.remote = remote
        self.refspecs = refspecs
    }
}
