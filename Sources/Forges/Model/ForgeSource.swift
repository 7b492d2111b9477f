public import GitClient

/// Where a project's commits are fetched from.
public struct ForgeSource: Sendable {
    /// The repository.
    public let remote: GitRemote
    /// The references that bring the branches. Candidates that do not come with them name their own, see
    /// ``Candidate/reference``: hosts keep those of all candidates there ever were.
    public let refspecs: [RefSpec]

    /// Who we are there, read when it is needed; nil for anonymous access and for what the transport knows itself.
    public let credential: GitCredential?

    /// Makes a source.
    public init(remote: GitRemote, refspecs: [RefSpec], credential: GitCredential? = nil) {
        self.remote = remote
        self.refspecs = refspecs
        self.credential = credential
    }
}

extension Candidate {
    /// What brings the candidate's revision into a mirror; nil when it comes with the branches.
    public var refspec: RefSpec? {
        get throws {
            guard let reference, let name = reference.suffix(after: "refs/") else { return nil }
            return try RefSpec(reference.rawValue, to: "refs/sluice/\(name)")
        }
    }
}
