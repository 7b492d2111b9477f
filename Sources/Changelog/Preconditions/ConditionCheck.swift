import Diagnostics
import PostgresClient

/// Judges the conditions of a changelog and of its changesets on a database.
struct ConditionCheck {
    /// What becomes of a changeset.
    enum Verdict {
        case run, skip, markRan
    }

    let connection: PostgresConnection
    let changelog: PreparedChangelog
    var books: Books
    /// The role that logged in.
    let user: String
    /// Whether a script is written and nothing is done: then conditions count as their author says for scripts.
    var isScript = false

    /// Throws when a condition of the changelog itself does not hold. Liquibase looks before whatever it does with a
    /// changelog, rollbacks too; there is nothing to leave out then, so every outcome but a warning is an error.
    ///
    /// - Returns: Warnings.
    /// - Throws: `SluiceError` `changelog.precondition-failed`
    @discardableResult
    func requireChangelog() async throws -> [String] {
        var warnings: [String] = []
        for set in changelog.preconditions {
            guard let (outcome, reason) = try await violation(of: set) else { continue }
            let text = "a condition of the changelog does not hold: \(reason)"
            guard outcome == .warn else { throw SluiceError("changelog.precondition-failed", .stalled, text) }
            warnings.append(text)
        }
        return warnings
    }

    /// Judges the conditions of a changeset.
    ///
    /// - Returns: What becomes of it, and what there is to say.
    /// - Throws: `SluiceError` `changelog.precondition-failed`.
    func verdict(on prepared: PreparedChangeSet) async throws -> (verdict: Verdict, message: String?) {
        guard let set = prepared.preconditions, let (outcome, reason) = try await violation(of: set) else {
            return (.run, nil)
        }
        let text = "changeset \(prepared.identity): \(reason)"
        switch outcome {
        case .halt:
            // As any other failure of a changeset: `failOnError` may let it pass.
            guard prepared.changeSet.failOnError else { return (.skip, text) }
            throw SluiceError(
                "changelog.precondition-failed", .stalled, "changeset \(prepared.identity) must not run: \(reason)",
                at: prepared.changeSet.location)
        case .skip: return (.skip, text)
        case .markRan: return (.markRan, text)
        case .warn: return (.run, text)
        }
    }

    /// Why a condition does not hold, or cannot be judged, and what then; nil when it holds.
    private func violation(of set: PreconditionSet) async throws -> (PreconditionSet.Outcome, String)? {
        switch isScript ? set.onSQLOutput : .test {
        case .ignore: return nil
        case .fail: return (set.onFail, set.onFailMessage ?? "its conditions forbid a script (onSqlOutput FAIL)")
        case .test: break
        }
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
