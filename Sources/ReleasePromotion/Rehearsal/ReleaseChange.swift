public import GitClient

/// What is merged into a branch, and what of it is the release.
public struct ReleaseChange: Hashable, Sendable {
    /// The commit that is merged.
    public let commit: ObjectID
    /// The tree before the release's change; nil for a release that begins a history.
    public let before: ObjectID?
    /// The tree after it.
    public let after: ObjectID

    /// Makes a change.
    public init(commit: ObjectID, before: ObjectID?, after: ObjectID) {
        self.commit = commit
        self.before = before
        self.after = after
    }
}

extension ReleaseChange {
    /// The release as it stands on its own branch: everything since it left the stage.
    ///
    /// Where it left is the newest commit of the stage's own history that the source contains. The merge base would not do:
    /// a branch that was merged, taken back and continued has its base after what was taken back.
    init(source: ObjectID, from stage: ObjectID, in trial: Speculation) throws {
        guard let base = try trial.mergeBase(source, stage) else { throw UnrelatedHistory.error(source, stage) }
        let missing = Set(
            try trial.commits(through: stage, hiding: [source], limit: Self.historyLimit).map(\.id))
        var origin: ObjectID?
        try trial.walkFirstParents(from: stage, limit: Self.historyLimit) { commit in
            guard !missing.contains(commit.id) else { return true }
            origin = commit.tree
            return false
        }
        self.init(
            commit: source, before: try origin ?? trial.tree(of: base), after: try trial.tree(of: source))
    }

    /// The release as it was merged into a branch: what the merge changed there.
    init(merge: ObjectID, in trial: Speculation) throws {
        let commit = try trial.commit(merge)
        self.init(
            commit: merge, before: try commit.parents.first.map { try trial.tree(of: $0) }, after: commit.tree)
    }

    /// How far back a branch's own history is walked.
    static let historyLimit = 100_000
}
