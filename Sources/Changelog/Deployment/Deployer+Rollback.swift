import Diagnostics
import PostgresClient

extension Deployer {
    /// How far to go back.
    public enum RollbackTarget: Sendable, Hashable {
        /// Which of several changesets that carry the same tag is meant.
        public enum TagVersion: String, Sendable, CaseIterable { case oldest, newest }

        /// So many changesets.
        case count(Int)
        /// To the state that a tag names.
        case tag(String, TagVersion = .oldest)
        /// To the state at a moment.
        case date(RollbackDate)
    }

    /// Takes changesets back, the last one first, each in one transaction with the removal of its row.
    ///
    /// - Returns: How many were taken back.
    /// - Throws: `SluiceError` `changelog.rollback-impossible` at the first changeset that has no way back, and
    ///   `changelog.transaction-control` at one whose way back ends its own transaction, when those behind it are taken
    ///   back already; ``ChangelogFailure`` when the server refuses; `changelog.unknown-tag`.
    @discardableResult
    public func rollBack(_ changelog: PreparedChangelog, to target: RollbackTarget) async throws -> Int {
        try await connection.execute(SessionSettings(options: options).script)
        return try await locked { lock in
            try await lock.requireConditions(of: changelog, on: connection)
            let selection = try RollbackSelection(changelog, books: lock.books, target: target)
            for step in selection.steps {
                try Task.checkCancellation()
                let statements = try step.prepared.statementsBack(in: changelog)
                try TransactionControl.require(step.prepared, statements)
                let row = options.books.remove(step.entry.identity)
                let execution = ChangeSetExecution(
                    connection: connection, options: options, lock: lock, prepared: step.prepared,
                    success: .rolledBack, evidence: options.books.isMissing(step.entry.identity),
                    remaining: { options.changeSetDeadline }, retrying: { _ in })
                try await execution.run { runner in
                    guard step.prepared.changeSet.runInTransaction else {
                        return try await runner.runLoosely(statements, recordedBy: row)
                    }
                    try await runner.run(statements, recordedBy: row)
                }
            }
            return selection.steps.count
        }
    }
}

extension PreparedChangeSet {
    /// The statements that take the changeset back.
    ///
    /// - Throws: `SluiceError` `changelog.rollback-impossible`, naming the changeset with file and line.
    func statementsBack(in changelog: PreparedChangelog) throws -> [SQLStatement] {
        do {
            return try rollbackStatements(in: changelog)
        } catch let impossible as RollbackImpossible {
            throw SluiceError(
                "changelog.rollback-impossible", .stalled,
                "changeset \(identity) cannot be taken back: \(impossible.reason)", at: changeSet.location)
        }
    }
}
