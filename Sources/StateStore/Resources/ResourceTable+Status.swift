import DesiredState
import Foundation
import PostgresClient

extension PostgresConnection {
    /// Within a transaction: brings a report into an object's status. Nothing is written when nothing changes, and
    /// nothing happens when the object is not stored.
    func write(_ report: StatusReport, to key: ResourceKey) async throws {
        guard report != StatusReport() else { return }
        let rows = try await query(
            """
            SELECT conditions, status, observed_generation, waiting_on, statement_timestamp() AS present
            FROM sluice.resources WHERE kind = $1 AND name = $2 FOR UPDATE
            """, [key.kind, key.name])
        guard let row = rows.first else { return }
        let before: [Condition] = try row.json("conditions").decode()
        let conditions = report.applied(to: before, at: try row.date("present"))
        let oldStatus = try row.json("status")
        let status = report.status ?? oldStatus
        let oldGeneration = try row.int64("observed_generation")
        let generation = report.observedGeneration ?? oldGeneration
        let oldWaiting = try row.optionalString("waiting_on")
        let waiting: String? =
            switch report.waiting {
            case .unchanged: oldWaiting
            case .nothing: nil
            case .on(let what): Storable.text(what)
            }
        guard conditions != before || status != oldStatus || generation != oldGeneration || waiting != oldWaiting
        else { return }
        _ = try await query(
            """
            UPDATE sluice.resources SET conditions = $3::jsonb, status = $4::jsonb, observed_generation = $5::bigint,
                waiting_since = CASE WHEN $6::text IS NULL THEN NULL
                    WHEN waiting_on = $6::text THEN waiting_since ELSE statement_timestamp() END,
                waiting_on = $6::text, updated_at = statement_timestamp()
            WHERE kind = $1 AND name = $2
            """,
            [
                key.kind, key.name, Storable.json(try JSONValue(encoding: conditions)), Storable.json(status),
                generation, waiting,
            ])
    }
}

extension StatusReport {
    /// The conditions after this report, at a time of the database's clock.
    func applied(to conditions: [Condition], at time: Date) -> [Condition] {
        // Stored as ISO 8601 in whole seconds: what is compared must be what would be read again.
        let second = Date(timeIntervalSince1970: time.timeIntervalSince1970.rounded(.down))
        return statements.reduce(into: conditions) { all, statement in
            all.set(
                Condition(
                    type: statement.type, status: statement.status, reason: statement.reason,
                    message: Storable.text(statement.message), lastTransitionTime: second))
        }
    }
}
