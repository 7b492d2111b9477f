import PostgresClient

extension RunHistory {
    /// Forgets runs, with their tasks, that ended longer ago than `age`. Of each object the newest `count` runs are
    /// kept, and the latest that succeeded and the latest that did not, whatever their age.
    ///
    /// - Parameter limit: How many runs are forgotten at most, so that one call never holds locks for long.
    /// - Returns: How many were forgotten; call again while it is `limit`.
    public func forget(olderThan age: Duration, keepingNewest count: Int, limit: Int = 1_000) async throws -> Int {
        let rows = try await pool.query(
            """
            DELETE FROM sluice.runs WHERE id IN (
                SELECT id FROM (
                    SELECT id, ended_at,
                        row_number() OVER (PARTITION BY kind, name ORDER BY id DESC) AS place,
                        row_number() OVER (PARTITION BY kind, name, status = 'succeeded' ORDER BY id DESC) AS of_outcome
                    FROM sluice.runs WHERE status <> 'running') AS ended
                WHERE ended_at < statement_timestamp() - $1::bigint * interval '1 microsecond'
                    AND place > $2::bigint AND of_outcome > 1
                ORDER BY id LIMIT $3::bigint)
            """, [age.microseconds, count, limit])
        return rows.affected
    }
}
