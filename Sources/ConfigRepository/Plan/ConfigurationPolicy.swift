/// How much may change by a commit alone, before a person is asked.
public struct ConfigurationPolicy: Hashable, Sendable {
    /// What is done about a head that does not contain the commit in force.
    public enum RewrittenHistory: String, Hashable, Sendable, CaseIterable {
        /// Nothing until a person confirms the head.
        case hold
        /// The same as about any other head.
        case apply
    }

    /// How many resources may go at a time.
    public var deletions: Int
    /// How large a part of those in force may go at a time, in percent. Two may go in any case, but never all.
    public var deletionPercent: Int
    /// What is done about rewritten history.
    public var rewrittenHistory: RewrittenHistory
    /// How many of the open candidates are judged at most, the latest ones.
    public var candidateLimit: Int

    /// Makes a policy.
    public init(
        deletions: Int = 10, deletionPercent: Int = 20, rewrittenHistory: RewrittenHistory = .hold,
        candidateLimit: Int = 100
    ) {
        self.candidateLimit = candidateLimit
        self.deletions = deletions
        self.deletionPercent = deletionPercent
        self.rewrittenHistory = rewrittenHistory
    }

    /// How many of so many resources may go at a time.
    public func allowedDeletions(of inForce: Int) -> Int {
        let share = max(2, inForce / 100 * deletionPercent + inForce % 100 * deletionPercent / 100)
        return min(deletions, share, max(0, inForce - 1))
    }
}

/// A person's word about the next change. It is used up by it.
public struct ConfigurationConfirmation: Hashable, Sendable {
    /// How many resources may go.
    public var deletions: Int
    /// The head that may come into force although it does not contain the commit that is.
    public var revision: String?

    /// Makes a confirmation.
    public init(deletions: Int = 0, revision: String? = nil) {
        self.deletions = deletions
        self.revision = revision
    }
}
