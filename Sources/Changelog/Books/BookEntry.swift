import PostgresClient

/// One row of the books: a changeset that has run.
public struct BookEntry: Sendable, Hashable {
    /// How a changeset came into the books.
    public enum ExecType: String, Sendable, Hashable {
        /// It ran.
        case executed = "EXECUTED"
        /// It ran again.
        case reran = "RERAN"
        /// It did not run and counts as if it had.
        case markRan = "MARK_RAN"
        /// It failed; Liquibase writes no such row today.
        case failed = "FAILED"
        /// It was left out; Liquibase writes no such row today.
        case skipped = "SKIPPED"
    }

    /// Id, author and path.
    public var identity: ChangeSet.Identity
    /// Its place in the order of execution.
    public var order: Int
    /// How it came here; nil for a word that is not known.
    public var execType: ExecType?
    /// Its checksum; nil when it was cleared.
    public var checksum: Checksum?
    /// What it does.
    public var description: String?
    /// The author's comment.
    public var comments: String?
    /// The tag of the state that it reached.
    public var tag: String?
    /// The update in which it ran.
    public var deploymentID: String?
    /// When it ran, `2026-01-31 10:20:30.5` in the time zone of the session that ran it.
    public var executedAt: String?

    /// Makes an entry.
    public init(
        identity: ChangeSet.Identity, order: Int = 0, execType: ExecType? = .executed, checksum: Checksum? = nil,
        description: String? = nil, comments: String? = nil, tag: String? = nil, deploymentID: String? = nil,
        executedAt: String? = nil
    ) {
        self.identity = identity
        self.order = order
        self.execType = execType
        self.checksum = checksum
        self.description = description
        self.comments = comments
        self.tag = tag
        self.deploymentID = deploymentID
        self.executedAt = executedAt
    }

    /// Reads a row of ``BooksLayout/select``.
    init(_ row: PostgresRow) throws {
        self.init(
            identity: ChangeSet.Identity(
                id: try row.string("id"), author: try row.string("author"), path: try row.string("filename")),
            order: try row.optionalInt("orderexecuted") ?? 0,
            execType: ExecType(rawValue: try row.optionalString("exectype") ?? ""),
            checksum: try row.optionalString("md5sum").flatMap { Checksum($0) },
            description: try row.optionalString("description"), comments: try row.optionalString("comments"),
            tag: try row.optionalString("tag"), deploymentID: try row.optionalString("deployment_id"),
            executedAt: try row.optionalString("dateexecuted"))
    }
}

extension BooksLayout {
    /// The query for all rows, oldest first.
    var select: String {
        """
        SELECT id, author, filename, orderexecuted, exectype, md5sum, description, comments, tag, deployment_id, \
        dateexecuted \
        FROM \(tableName) ORDER BY dateexecuted ASC, orderexecuted ASC
        """
    }
}
