import PostgresClient

extension RunHistory {
    /// What a policy would have forgotten now. Nothing is.
    public func forgettable(_ policy: RetentionPolicy) async throws -> ForgettableHistory {
        let row = try await pool.query(
            """
            WITH old AS (\(Self.forgettable))
            SELECT count(*) AS runs, min(started_at) AS oldest, max(started_at) AS newest,
                (SELECT count(*) FROM sluice.tasks WHERE run_id IN (SELECT id FROM old)) AS tasks
            FROM sluice.runs WHERE id IN (SELECT id FROM old)
            """, [policy.age.microseconds, policy.newest]
        ).single()
        return ForgettableHistory(
            runs: try row.int("runs"), tasks: try row.int("tasks"), oldest: try row.optionalDate("oldest"),
            newest: try row.optionalDate("newest"))
    }

    /// Forgets runs, with their tasks and with definitions that no run has any more.
    ///
    /// - Parameter limit: How many runs are forgotten at most, so that one call never holds locks for long.
    /// - Returns: How many were forgotten; call again while it is `limit`.
    public func forget(_ policy: RetentionPolicy, limit: Int = 1_000) async throws -> Int {
        let rows = try await pool.query(
            """
            WITH old AS (\(Self.forgettable) ORDER BY id LIMIT $3::bigint), gone AS (
                DELETE FROM sluice.runs WHERE id IN (SELECT id FROM old) RETURNING definition
            )
            SELECT count(*) AS runs, array_agg(DISTINCT definition) FILTER (WHERE definition IS NOT NULL) AS definitions
            FROM gone
            """, [policy.age.microseconds, policy.newest, limit])
        let row = try rows.single()
        _ = try await pool.query(
            """
            DELETE FROM sluice.definitions AS definition WHERE digest = ANY ($1::text[])
                AND NOT EXISTS (SELECT FROM sluice.runs WHERE runs.definition = definition.digest)
            """, [try row.optionalStrings("definitions") ?? []])
        return try row.int("runs")
    }

    /// The runs that a policy has forgotten, for its age in microseconds and its number of runs.
    ///
    /// Whether a run has the latest of anything is a question to the index for each of its tasks. Written with `EXISTS`,
    /// the planner would join all tasks with all tasks for it, and do so for each portion.
    private static let forgettable = """
        SELECT id FROM (
            SELECT id, ended_at, EXISTS (
                    SELECT FROM sluice.resources AS object WHERE object.kind = runs.kind AND object.name = runs.name
                ) AS lives,
                row_number() OVER (PARTITION BY kind, name ORDER BY id DESC) AS place,
                row_number() OVER (PARTITION BY kind, name, status = 'succeeded' ORDER BY id DESC) AS of_outcome
            FROM sluice.runs WHERE status <> 'running') AS ended
        WHERE ended_at < statement_timestamp() - $1::bigint * interval '1 microsecond'
            AND (NOT lives OR place > $2::bigint AND of_outcome > 1)
            AND (SELECT task.id FROM sluice.tasks AS task
                WHERE task.run_id = ended.id AND task.status IN ('succeeded', 'failed')
                    AND (SELECT newer.id FROM sluice.tasks AS newer
                        WHERE newer.target = task.target AND newer.status = task.status AND newer.id > task.id
                        LIMIT 1) IS NULL
                LIMIT 1) IS NULL
        """
}
