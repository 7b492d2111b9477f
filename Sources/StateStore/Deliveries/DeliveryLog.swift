import DesiredState
import PostgresClient

/// The deliveries of webhooks: what came, and what became of it. Durable before its sender hears that it arrived.
///
/// - The same delivery is kept once, however often it comes: repeats are counted on the first.
/// - What was not handled when a process ended is handled by whoever comes next.
/// - A body is kept for a while for people to look at; the key for longer, so that repeats are known.
///
/// Deliveries are kept through ``DeliveryIntake``, several in one commit.
public struct DeliveryLog: Sendable {
    let pool: PostgresPool

    /// Deliveries, newest first.
    public func list(
        _ filter: DeliveryFilter = DeliveryFilter(), page: PageRequest = PageRequest()
    ) async throws -> Page<Delivery> {
        var conditions = Conditions()
        conditions.add("source = $", filter.source)
        conditions.add(
            "outcome = ANY ($::text[])", filter.outcomes.isEmpty ? nil : filter.outcomes.map(\.rawValue).sorted())
        conditions.add("received_at >= $::timestamptz", filter.since)
        conditions.add("id < $::bigint", page.cursor?.id)
        let rows = try await pool.query(
            "SELECT \(Self.columns) FROM sluice.deliveries \(conditions.clause) ORDER BY id DESC LIMIT \(page.limit + 1)",
            conditions.parameters)
        return Page(try rows.map(Self.delivery), limit: page.limit, id: \.id)
    }

    /// One delivery; nil when there is none, or none any more.
    public func delivery(_ id: Int64) async throws -> Delivery? {
        let rows = try await pool.query(
            "SELECT \(Self.columns) FROM sluice.deliveries WHERE id = $1::bigint", [id])
        return try rows.first.map(Self.delivery)
    }

    /// How many deliveries wait to be handled, and for how long the oldest of them has.
    public func backlog() async throws -> (count: Int, oldest: Duration) {
        let rows = try await pool.query(
            """
            SELECT count(*) AS deliveries,
                coalesce(extract(epoch FROM statement_timestamp() - min(received_at)), 0) AS age
            FROM sluice.deliveries WHERE outcome = 'waiting'
            """)
        guard let row = rows.first else { return (0, .zero) }
        return (try row.int("deliveries"), .seconds(try row.double("age")))
    }

    /// Has a delivery handled once more. False when there is none, or nothing of it is left that could be.
    public func redeliver(_ id: Int64) async throws -> Bool {
        let rows = try await pool.query(
            """
            UPDATE sluice.deliveries SET outcome = 'waiting', attempts = 0, reason = NULL, handled_at = NULL
            WHERE id = $1::bigint AND (body IS NOT NULL OR hint IS NOT NULL) RETURNING id
            """, [id])
        return !rows.isEmpty
    }

    /// Everything but the body.
    private static let columns = """
        id, source, scheme, event, headers, digest, size, coalesce(hint, 'null') AS hint, outcome, reason, attempts,
        repeats, received_at, handled_at, body IS NOT NULL AS has_body
        """

    private static func delivery(_ row: PostgresRow) throws -> Delivery {
        Delivery(
            id: try row.int64("id"), source: try row.string("source"), scheme: try row.string("scheme"),
            event: try row.optionalString("event"), headers: try row.json("headers"),
            digest: try row.string("digest"), size: try row.int("size"), hint: try row.json("hint"),
            outcome: try row.word("outcome"), reason: try row.optionalString("reason"),
            attempts: try row.int("attempts"), repeats: try row.int64("repeats"),
            receivedAt: try row.date("received_at"), handledAt: try row.optionalDate("handled_at"),
            hasBody: try row.bool("has_body"))
    }
}
