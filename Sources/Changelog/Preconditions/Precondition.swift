/// A condition on the database or the update, as an author wrote it: a tree of conditions.
public indirect enum Precondition: Sendable {
    /// Holds when all hold; an empty one holds.
    case and([Precondition])
    /// Holds when at least one holds.
    case or([Precondition])
    /// Holds when none holds.
    case not([Precondition])
    /// Is found out by a query.
    case query(PreconditionQuery)
    /// A changeset has run.
    case executed(ChangeSet.Identity)
    /// A property is set, and to that value when one is given.
    case property(name: String, value: String?)
    /// The user of the connection, letters' case ignored.
    case user(String)
    /// Is known without asking: its answer and why it fails.
    case known(Bool, failure: String)
}

/// A question to the database.
public struct PreconditionQuery: Sendable {
    /// What the answer must be.
    public enum Expectation: Sendable, Hashable {
        /// At least one row.
        case someRow
        /// No row.
        case noRow
        /// The first value of the first row, as text.
        case text(String)
    }

    /// The query.
    public var sql: String
    /// What its answer must be.
    public var expectation: Expectation
    /// What is said when it is not.
    public var failure: String

    /// Makes a question.
    public init(_ sql: String, _ expectation: Expectation = .someRow, failure: String) {
        self.sql = sql
        self.expectation = expectation
        self.failure = failure
    }
}

/// A `preConditions` element: a condition, and what happens when it does not hold.
public struct PreconditionSet: Sendable {
    /// What happens when a condition does not hold, or cannot be judged.
    public enum Outcome: String, Sendable {
        /// The update ends with an error.
        case halt = "HALT"
        /// The changeset is left out, and looked at again next time.
        case skip = "CONTINUE"
        /// The changeset is recorded as if it had run.
        case markRan = "MARK_RAN"
        /// The changeset runs all the same.
        case warn = "WARN"
    }

    /// What `update-sql` does with the conditions.
    public enum OnSQLOutput: String, Sendable {
        /// They count as held.
        case ignore = "IGNORE"
        /// They are judged.
        case test = "TEST"
        /// They make it fail.
        case fail = "FAIL"
    }

    /// The condition.
    public var condition: Precondition
    /// What happens when it does not hold.
    public var onFail: Outcome
    /// What happens when it cannot be judged.
    public var onError: Outcome
    /// What `update-sql` does.
    public var onSQLOutput: OnSQLOutput
    /// The author's own words for a failure.
    public var onFailMessage: String?
    /// The author's own words for an error.
    public var onErrorMessage: String?
}
