public import Forges
public import GitClient

/// The commits that somebody needs of a repository. What is there already need not be fetched.
public struct WantedCommits: Sendable {
    /// Commits of branches.
    public let commits: [ObjectID]
    /// Candidates, each at its revision.
    public let candidates: [Candidate]
    /// Whether candidates are only brought along because they will be needed soon: one that is gone is no error.
    public let isHint: Bool

    /// Names commits and candidates.
    public init(_ commits: [ObjectID], candidates: [Candidate] = [], isHint: Bool = false) {
        self.commits = commits
        self.candidates = candidates
        self.isHint = isHint
    }
}
