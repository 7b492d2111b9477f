import Diagnostics
import PostgresClient

extension Deployer {
    /// How far to go back.
    public enum RollbackTarget: Sendable, Hashable {
        /// So many changesets.
        case count(Int)
        /// To the state that a tag names.
        case tag(String)
    }

    /// Takes changesets back, the last one first, each in one transaction with the removal of its row.
    ///
    /// - Returns: How many were taken back.
    /// - Throws: `SluiceError` `changelog.rollback-impossible` at the first changeset that has no way back, when those
    ///   behind it are taken back already; ``ChangelogFailure`` when the server refuses; `changelog.unknown-tag`.
    @discardableResult
    public func rollBack(_ changelog: PreparedChangelog, to target: RollbackTarget) async throws -> Int {
        try await connection.execute(SessionSettings(options: options).script)
        return try await locked { lock in
            var count = 0
            for identity in try Self.identities(lock.books, target, changelog) {
                try Task.checkCancellation()
                guard
                    let prepared = changelog.changeSets.first(where: { Books.key($0.identity) == Books.key(identity) })
                else { continue }
                do {
                    let statements = try prepared.rollbackStatements(in: changelog)
                    let execution = ChangeSetExecution(
                        connection: connection, options: options, lock: lock, prepared: prepared, success: .rolledBack,
                        evidence: options.books.isMissing(identity), remaining: { options.changeSetDeadline },
                        retrying: { _ in })
                    let row = options.books.remove(identity)
                    try await execution.run { runner in
                        guard prepared.changeSet.runInTransaction else {
                            return try await runner.runLoosely(statements, recordedBy: row)
                        }
                        try await runner.run(statements, recordedBy: row)
                    }
                    count += 1
                } catch let impossible as RollbackImpossible {
                    throw SluiceError(
                        "changelog.rollback-impossible", .stalled,
                        "changeset \(identity) cannot be taken back: \(impossible.reason)",
                        at: prepared.changeSet.location)
                }
            }
            return count
        }
    }

    private static func identities(
        _ books: Books, _ target: RollbackTarget, _ changelog: PreparedChangelog
    ) throws -> [ChangeSet.Identity] {
        let entries = books.entries.reversed()
        switch target {
        case .count(let count): return entries.prefix(max(0, count)).map(\.identity)
        case .tag(let tag):
            guard let tagged = entries.first(where: { $0.tag == tag }) else {
                throw SluiceError("changelog.unknown-tag", .stalled, "no changeset carries the tag \(tag)")
            }
            // A changeset that only sets the tag goes as well, as Liquibase has it.
            let prepared = changelog.changeSets.first { Books.key($0.identity) == Books.key(tagged.identity) }
            let setsTag = prepared?.changes.contains { change in
                (change.change as? TagDatabase).map { $0.tag == tag && !$0.staysOnRollback } ?? false
            }
            return entries.prefix { $0.tag != tag }.map(\.identity) + (setsTag == true ? [tagged.identity] : [])
        }
    }
}
