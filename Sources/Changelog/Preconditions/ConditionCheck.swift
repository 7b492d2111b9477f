import Diagnostics
import PostgresClient

/// Judges the conditions of a changelog and of its changesets on a database.
struct ConditionCheck {
    let connection: PostgresConnection
    let changelog: PreparedChangelog
    let books: Books
    /// The role that logged in.
    let user: String

    /// Throws when a condition of the changelog itself does not hold and asks to halt. Liquibase looks before whatever it
    /// does with a changelog, rollbacks too.
    ///
    /// - Throws: `SluiceError` `changelog.precondition-failed`
    func requireChangelog() async throws {
        for set in changelog.preconditions {
            guard let (outcome, reason) = try await violation(of: set), outcome == .halt else { continue }
            throw SluiceError(
                "changelog.precondition-failed", .stalled, "a condition of the changelog does not hold: \(reason)")
        }
    }

    /// Why a condition does not hold, or cannot be judged, and what then; nil when it holds.
    func violation(of set: PreconditionSet) async throws -> (PreconditionSet.Outcome, String)? {
        do {
            guard let failure = try await judge.failure(of: set.condition) else { return nil }
            return (set.onFail, set.onFailMessage ?? failure)
        } catch let error as PostgresError where error.kind == .server {
            return (set.onError, set.onErrorMessage ?? error.description)
        } catch let error as PreconditionJudge.Unanswered {
            return (set.onError, set.onErrorMessage ?? error.message)
        }
    }

    private var judge: PreconditionJudge {
        PreconditionJudge(
            properties: changelog.properties, user: user,
            hasRun: { identity in
                guard let type = books[identity]?.execType else { return false }
                return type != .failed && type != .skipped
            },
            query: { sql in
                try await connection.execute(sql).map { row in
                    try row.columns.indices.map { try row.optionalString($0) }
                }
            })
    }
}

extension HeldLock {
    /// Throws when a condition of the changelog itself does not hold.
    func requireConditions(of changelog: PreparedChangelog, on connection: PostgresConnection) async throws {
        try await ConditionCheck(connection: connection, changelog: changelog, books: books, user: user)
            .requireChangelog()
    }
}
