import PostgresClient

extension NoticeOutbox {
    /// How many notices wait for each subscriber, none included, and for how long the oldest of them has.
    public func backlog() async throws -> [(channel: String, count: Int, oldest: Duration)] {
        try await pool.query(
            """
            SELECT subscriber.name, count(notice.id) AS notices,
                coalesce(extract(epoch FROM statement_timestamp() - min(notice.created_at)), 0)::float8 AS age
            FROM sluice.subscribers AS subscriber LEFT JOIN sluice.notices AS notice
                ON notice.kind = subscriber.kind AND notice.name = subscriber.name AND notice.state = 'waiting'
            GROUP BY subscriber.kind, subscriber.name ORDER BY 1
            """
        ).map { (try $0.string("name"), try $0.int("notices"), .seconds(max(0, try $0.double("age")))) }
    }
}
