public import Changelog
public import Diagnostics
public import SQLSyntax

/// A new changeset under judgement, with its statements.
public struct ChangeSetContext: Sendable {
    /// One of its statements.
    public struct Part: Sendable {
        /// The statement.
        public var statement: Statement
        /// Where it stands.
        public var location: SourceLocation
        /// Whether it changes a table, or rows of one, that others may use.
        public var concernsUsedTable: Bool
    }

    /// A statement that has no tree.
    public struct Unjudged: Sendable {
        /// Why.
        public var reason: String
        /// Where it stands, when that is known.
        public var location: SourceLocation?
    }

    /// The changeset.
    public let prepared: PreparedChangeSet
    /// The changelog that it belongs to.
    public let changelog: ChangelogContext
    /// Its statements.
    public internal(set) var parts: [Part] = []
    /// What could not be read as SQL.
    public internal(set) var unjudged: [Unjudged] = []

    /// Whether its statements run in one transaction with its row in the books.
    public var isTransactional: Bool { prepared.changeSet.runInTransaction }

    init(prepared: PreparedChangeSet, changelog: ChangelogContext) {
        self.prepared = prepared
        self.changelog = changelog
    }
}
