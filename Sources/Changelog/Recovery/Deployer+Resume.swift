import Diagnostics
import PostgresClient

/// Going on with changesets that are applied in part, and saying how they stand.
extension Deployer {
    /// Goes on with the changesets that are applied in part, and runs no others.
    ///
    /// - Parameters:
    ///   - changelog: The changelog. What follows the applied statements may have been changed.
    ///   - statement: The statement to go on at, from 1, where a person has looked what nobody else can tell; nil to let
    ///     the journal and the catalogs decide. Only the one behind the applied statements and the next can be named.
    /// - Throws: as ``update(_:progress:)``; `SluiceError` `changelog.partly-applied-edited`, `changelog.outcome-unknown`.
    @discardableResult
    public func resume(
        _ changelog: PreparedChangelog, at statement: Int? = nil,
        progress: (@Sendable (DeploymentProgress) -> Void)? = nil
    ) async throws -> DeploymentResult {
        try await connection.execute(SessionSettings(options: options).script)
        return try await locked { lock in
            var update = Update(deployer: self, changelog: changelog, lock: lock, progress: progress)
            update.selection = Update.Selection(keys: Set(lock.journal.keys), statement: statement)
            return try await update.run()
        }
    }

    /// Says that a changeset is applied: it gets its row, and the journal forgets it.
    ///
    /// - Parameter reason: Why, for the history.
    public func markApplied(_ prepared: PreparedChangeSet, because reason: String) async throws {
        try await locked { lock in
            guard lock.books[prepared.identity] == nil else {
                throw SluiceError(
                    "changelog.already-applied", .stalled, "changeset \(prepared.identity) is in the books already",
                    at: prepared.changeSet.location)
            }
            let row = options.books.record(
                prepared,
                BooksLayout.RowContext(
                    order: lock.books.nextOrder, execType: .executed, deploymentID: options.deploymentID(),
                    engine: options.engine))
            let key = JournalEntry.key(of: prepared.identity)
            try await lock.fence.execute("\(row);\n\(options.books.removeJournal(of: key))", on: connection)
            await lock.scribe.note(.markedApplied, prepared) { $0.message = reason }
        }
    }

    /// Has the journal forget a changeset that is applied in part: the next update runs it from its first statement.
    ///
    /// - Parameter reason: Why, for the history.
    /// - Returns: Whether the journal knew it.
    @discardableResult
    public func forget(_ prepared: PreparedChangeSet, because reason: String) async throws -> Bool {
        try await locked { lock in
            let key = JournalEntry.key(of: prepared.identity)
            guard lock.journal[key] != nil else { return false }
            try await lock.fence.execute(options.books.removeJournal(of: key), on: connection)
            await lock.scribe.note(.forgotten, prepared) { $0.message = reason }
            return true
        }
    }
}
