import PostgresClient

/// How long deliveries are kept.
public struct DeliveryRetention: Hashable, Sendable {
    /// How long the body of one that was handled is kept.
    public var body: Duration
    /// How many such bodies are kept at most, the newest.
    public var bodies: Int
    /// How many bytes they have together at most.
    public var bytes: Int
    /// How long one that was handled is remembered at all. It has to be longer than any sender repeats itself, and is
    /// at least an hour: signed times count for five minutes.
    public var delivery: Duration

    /// Makes a policy. GitHub's people may send a delivery again for three days.
    public init(
        body: Duration = .seconds(86_400), bodies: Int = 1_000, bytes: Int = 64 << 20,
        delivery: Duration = .seconds(4 * 86_400)
    ) {
        self.body = body
        self.bodies = max(0, bodies)
        self.bytes = max(0, bytes)
        self.delivery = max(delivery, .seconds(3_600))
    }
}

extension DeliveryLog {
    /// Drops bodies, and forgets deliveries, whose time is over. What waits is never touched.
    ///
    /// - Parameter limit: How many are touched at most, so that one call never holds locks for long.
    /// - Returns: How many were touched; call again while it is `limit`.
    @discardableResult
    public func purge(_ retention: DeliveryRetention = DeliveryRetention(), limit: Int = 5_000) async throws -> Int {
        let forgotten = try await pool.query(
            """
            DELETE FROM sluice.deliveries WHERE id IN (
                SELECT id FROM sluice.deliveries
                WHERE outcome <> 'waiting' AND handled_at < statement_timestamp() - $1::bigint * interval '1 microsecond'
                ORDER BY id LIMIT $2::int)
            """, [retention.delivery.microseconds, limit]
        ).affected
        let emptied = try await pool.query(
            """
            UPDATE sluice.deliveries SET body = NULL WHERE id IN (
                SELECT id FROM (
                    SELECT id, handled_at, row_number() OVER newest AS place, sum(size) OVER newest AS bytes
                    FROM sluice.deliveries WHERE body IS NOT NULL AND outcome <> 'waiting'
                    WINDOW newest AS (ORDER BY id DESC)) AS held
                WHERE place > $1::int OR bytes > $4::bigint
                    OR handled_at < statement_timestamp() - $2::bigint * interval '1 microsecond'
                ORDER BY id LIMIT $3::int)
            """, [retention.bodies, retention.body.microseconds, max(0, limit - forgotten), retention.bytes]
        ).affected
        return forgotten + emptied
    }
}
