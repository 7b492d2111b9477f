public import GitClient

/// Where a branch stands, seen from a cursor.
public enum RangeStanding: Hashable, Sendable {
    /// It stands at the cursor.
    case upToDate
    /// It has this many commits more.
    case ahead(by: Int)
    /// It does not contain the cursor any more: somebody has moved it by force.
    case rewritten(RewrittenHistory)
    /// The repository has no such commit as the cursor any more: it was thrown away after the branch was moved by force.
    case cursorLost
}

/// What became of a branch that was moved by force.
public struct RewrittenHistory: Hashable, Sendable {
    /// A commit that is gone, and the one that does the same now.
    public struct Dropped: Hashable, Sendable {
        /// The commit that is gone.
        public let commit: CommitLine
        /// One of the new commits with the same change; nil when there is none.
        public let equivalent: ObjectID?
        /// Whether it changed nothing by itself: a merge, or an empty commit.
        public let isTrivial: Bool

        /// Makes a commit that is gone.
        public init(commit: CommitLine, equivalent: ObjectID?, isTrivial: Bool) {
            self.commit = commit
            self.equivalent = equivalent
            self.isTrivial = isTrivial
        }
    }

    /// The newest commit that the branch had and still has; nil when there is none.
    public let base: ObjectID?
    /// What is gone, the oldest first.
    public let dropped: [Dropped]
    /// What is new since the base, the oldest first.
    public let new: [CommitLine]

    /// Makes a history.
    public init(base: ObjectID?, dropped: [Dropped], new: [CommitLine]) {
        self.base = base
        self.dropped = dropped
        self.new = new
    }

    /// Whether everything that is gone came back, with the same changes.
    public var isEquivalent: Bool {
        base != nil && dropped.allSatisfy { $0.isTrivial || $0.equivalent != nil }
    }
}

extension Speculation {
    /// Where a branch's head stands, seen from a cursor.
    /// - Throws: `git.history-too-long` beyond `limit` commits on either side.
    public func standing(of head: ObjectID, since cursor: ObjectID, limit: Int = 5_000) throws -> RangeStanding {
        guard head != cursor else { return .upToDate }
        guard try contains(cursor) else { return .cursorLost }
        if try isAncestor(cursor, of: head) {
            return .ahead(by: try aheadBehind(head, cursor).ahead)
        }
        let gone = try commits(through: cursor, hiding: [head], limit: limit)
        let new = try commits(through: head, hiding: [cursor], limit: limit)
        var byChange: [ObjectID: ObjectID] = [:]
        for commit in new {
            if let change = try change(of: commit) { byChange[change] = commit.id }
        }
        let dropped = try gone.reversed().map { commit in
            let change = try change(of: commit)
            return RewrittenHistory.Dropped(
                commit: try line(commit), equivalent: change.flatMap { byChange[$0] }, isTrivial: change == nil)
        }
        return .rewritten(
            RewrittenHistory(
                base: try mergeBase(cursor, head), dropped: dropped, new: try new.reversed().map { try line($0) }))
    }

    /// What names the change of a commit; nil for a merge and for a commit that changes nothing.
    private func change(of commit: GitCommit) throws -> ObjectID? {
        guard commit.parents.count == 1, let parent = commit.parents.first else { return nil }
        return try patchID(from: try tree(of: parent), to: commit.tree)
    }

    private func line(_ commit: GitCommit) throws -> CommitLine {
        CommitLine(id: commit.id, subject: CommitWords(try text(of: commit.id), of: commit.id).subject)
    }
}
