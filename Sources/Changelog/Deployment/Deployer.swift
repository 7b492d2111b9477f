import Diagnostics
public import PostgresClient

/// Brings a database to the state that a changelog describes.
///
/// `Changelog` is an engine for Liquibase's changelogs on PostgreSQL: formats, includes and properties are read into
/// changesets (``ChangelogReader``), their changes get meaning (``PreparedChangelog``), the books say what has run, a
/// pure plan says what will (``DeploymentPlan``), and the deployer does it. It must not know of registries, candidates
/// or git.
///
/// Each changeset is one transaction together with its row in the books, sent in one round trip. So an update that is
/// stopped, at whatever point, has applied whole changesets only, and the next one goes on behind them. The transaction
/// begins with a check that the lock is still held (``Fence``), so a run that was taken for dead changes nothing more.
public struct Deployer: Sendable {
    /// The session on which changesets run. The lock is held by another one, opened in the same way.
    public let connection: PostgresConnection
    /// How it works.
    public let options: DeployerOptions

    /// Makes a deployer on a session that nobody else uses meanwhile.
    public init(_ connection: PostgresConnection, options: DeployerOptions = DeployerOptions()) {
        self.connection = connection
        self.options = options
    }

    /// The schema that names without one mean on a session: the first of its search path that exists.
    public static func currentSchema(of connection: PostgresConnection) async throws -> String {
        try await connection.execute("SELECT current_schema()").single().optionalString(0) ?? "public"
    }

    /// What an update would do now. Nothing is changed, not even the lock is taken.
    public func plan(_ changelog: PreparedChangelog) async throws -> DeploymentPlan {
        DeploymentPlan(changelog, books: try await readBooks() ?? Books())
    }

    /// What the books say; nil when there are none.
    public func readBooks() async throws -> Books? {
        let name = SQLValue.string(options.books.tableName)
        let exists = try await connection.execute("SELECT to_regclass(\(name)) IS NOT NULL").single().bool(0)
        guard exists else { return nil }
        return Books(try await connection.execute(options.books.select).map { try BookEntry($0) })
    }

    /// Creates the books when they are not there. Liquibase does so even when the changelog is then refused.
    public func createBooks(_ extent: BooksExtent = .both) async throws {
        switch extent {
        case .both: try await locked { _ in }
        case .table: if try await readBooks() == nil { try await connection.execute(options.books.createTable) }
        }
    }

    /// Applies what the books do not have yet.
    ///
    /// - Parameters:
    ///   - changelog: What the database should be.
    ///   - progress: Called before each changeset that runs.
    /// - Returns: What was done.
    /// - Throws: ``ChangelogFailure`` for a changeset that failed, `SluiceError` `changelog.checksum-mismatch`,
    ///   `changelog.transaction-control` or `changelog.precondition-failed` before anything has run,
    ///   `changelog.locked` when somebody else works on the database; `CancellationError`.
    @discardableResult
    public func update(
        _ changelog: PreparedChangelog, progress: (@Sendable (DeploymentProgress) -> Void)? = nil
    ) async throws -> DeploymentResult {
        try await connection.execute(SessionSettings(options: options).script)
        return try await locked { lock in
            try await connection.occupied {
                var update = Update(deployer: self, changelog: changelog, lock: lock, progress: progress)
                return try await update.run()
            }
        }
    }

    /// Puts a tag on the last row of the books.
    public func tag(_ tag: String) async throws {
        try await locked { lock in
            let name = options.books.tableName
            let rows = try await connection.execute("SELECT count(*) FROM \(name)").single().int(0)
            if rows == 0 {
                let row = """
                    INSERT INTO \(name) (ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, MD5SUM, DESCRIPTION, \
                    COMMENTS, EXECTYPE, LIQUIBASE, DEPLOYMENT_ID) VALUES \
                    ('\(options.deploymentID())', 'liquibase', 'liquibase-internal', NOW(), 1, \
                    '9:d41d8cd98f00b204e9800998ecf8427e', 'tagDatabase', '', 'EXECUTED', \
                    \(SQLValue.string(options.engine)), '\(options.deploymentID())')
                    """
                try await lock.fence.execute(row, on: connection)
            }
            try await lock.fence.execute(options.books.setTag(tag), on: connection)
        }
    }

    func locked<Result: Sendable>(_ body: (HeldLock) async throws -> Result) async throws -> Result {
        let lock = ChangelogLock(deploying: connection, options: options)
        let held = try await lock.acquire()
        let looking = Task { await held.watch.run() }
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(held)) } catch { result = .failure(error) }
        looking.cancel()
        await looking.value
        await lock.release(held)
        return try result.get()
    }
}
