public import GitClient

/// What is merged into a branch, and what of it is the release.
public struct ReleaseChange: Hashable, Sendable {
    /// The commit that is merged.
    public let commit: ObjectID
    /// The tree before the release's change; nil for a release that begins a history.
    public let before: ObjectID?
    /// The tree after it.
    public let after: ObjectID

    /// Other releases that come along: the source was made of a stage that had them, and that was set back since; or the stage
    /// before got this one along with them.
    public let passengers: [ReleaseName]
    /// The commit that says of a branch that it has the release: ``commit``, or what that brings along.
    public let witness: ObjectID

    /// Makes a change.
    /// - Parameter witness: What a branch that has the release contains, when that is not the commit itself.
    public init(
        commit: ObjectID, before: ObjectID?, after: ObjectID, passengers: [ReleaseName] = [], witness: ObjectID? = nil
    ) {
        self.commit = commit
        self.before = before
        self.after = after
        self.passengers = passengers
        self.witness = witness ?? commit
    }
}

extension ReleaseChange {
    /// The release as it stands on its own branch: everything since it left the stage.
    ///
    /// Where it left is the newest commit of the stage's own history that the source contains. The merge base would not do:
    /// a branch that was merged, taken back and continued has its base after what was taken back. Without a common
    /// commit the release begins a history.
    init(source: ObjectID, from stage: ObjectID, in trial: Speculation) throws {
        guard let base = try trial.mergeBase(source, stage) else {
            self.init(commit: source, before: nil, after: try trial.tree(of: source))
            return
        }
        let missing = Set(
            try trial.commits(through: stage, hiding: [source], limit: Self.historyLimit).map(\.id))
        var origin: ObjectID?
        try trial.walkFirstParents(from: stage, limit: Self.historyLimit) { commit in
            guard !missing.contains(commit.id) else { return true }
            origin = commit.tree
            return false
        }
        self.init(
            commit: source, before: try origin ?? trial.tree(of: base), after: try trial.tree(of: source),
            passengers: try Self.passengers(of: source, to: stage, in: trial))
    }

    /// The releases whose merges, or whose ways back, the source has and the stage has not.
    private static func passengers(
        of source: ObjectID, to stage: ObjectID, in trial: Speculation
    ) throws -> [ReleaseName] {
        let own = try trial.commits(through: source, hiding: [stage], limit: historyLimit)
        let ids = Set(own.map(\.id))
        let names = own.compactMap { commit -> ReleaseName? in
            guard commit.parents.count == 2, let merged = commit.parents.last, ids.contains(merged) else { return nil }
            return ReleaseMessage.read(commit.message)?.release
        }
        return Set(names).sorted { $0.description < $1.description }
    }

    /// The release as it was merged into a branch: what the merge changed there.
    init(merge: ObjectID, in trial: Speculation) throws {
        let commit = try trial.commit(merge)
        self.init(
            commit: merge, before: try commit.parents.first.map { try trial.tree(of: $0) }, after: commit.tree)
    }

    /// The same release by the merge that brought it to a stage along with something else; nil where no merge did.
    func along(to head: ObjectID, in trial: Speculation) throws -> ReleaseChange? {
        var oldest: GitCommit?
        try trial.walkFirstParents(from: head, limit: Self.historyLimit) { commit in
            guard try trial.isAncestor(witness, of: commit.id) else { return false }
            oldest = commit
            return true
        }
        guard let oldest, oldest.parents.count == 2, oldest.id != witness else { return nil }
        let others = ReleaseMessage.read(oldest.message).map { [$0.release] } ?? []
        return ReleaseChange(
            commit: oldest.id, before: before, after: after,
            passengers: passengers + others.filter { !passengers.contains($0) }, witness: witness)
    }

    /// How far back a branch's own history is walked.
    static let historyLimit = 100_000
}
