import Diagnostics
import PostgresClient

extension Deployer {
    /// Gives back Liquibase's lock, and says who had it; nil when it was free.
    ///
    /// Whether Liquibase is at work cannot be seen, so its lock is given back as Liquibase itself does it. A Sluice that
    /// lives keeps its lock: it would only find at its next changeset that the lock is gone.
    ///
    /// - Parameter terminates: Whether the sessions of a Sluice that lives are ended first.
    /// - Throws: `SluiceError` `changelog.lock-in-use` when a Sluice lives and its sessions are not to be ended, or do
    ///   not end.
    @discardableResult
    public func releaseLocks(terminating terminates: Bool = false) async throws -> String? {
        let books = options.books
        let name = SQLValue.string(books.lockTableName)
        let exists = try await connection.execute("SELECT to_regclass(\(name)) IS NOT NULL").single().bool(0)
        if !exists { try await connection.runScript(books.createLockTable.joined(separator: ";\n")) }
        let holder = try await connection.execute(books.lockRow).first?.optionalString("lockedby")
        var condition = "pid IN (\(books.advisoryHolders)) AND pid <> pg_backend_pid()"
        if let session = holder.flatMap({ LockHolder($0) })?.isSession { condition = "(\(condition)) OR (\(session))" }
        let from = "FROM pg_catalog.pg_stat_activity WHERE \(condition)"
        if terminates {
            // Where the session runs a statement, it ends at the next point at which that can be stopped.
            try await connection.execute("SELECT pg_terminate_backend(pid, 10000) \(from)")
        }
        guard try await connection.execute("SELECT count(*) \(from)").single().int(0) == 0 else {
            throw SluiceError(
                "changelog.lock-in-use", .conflict, "a run that lives has the lock of this database",
                hint: terminates
                    ? "its session did not end within 10 s; try again, or let the server's administrator end it"
                    : "wait until it has ended, or end its sessions with release-locks --terminate",
                detail: try await LockReport.text(books, on: connection))
        }
        try await connection.execute(books.freeLockRow(where: "ID = 1"))
        return holder
    }
}
