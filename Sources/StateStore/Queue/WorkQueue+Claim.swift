import DesiredState
import PostgresClient

extension WorkQueue {
    /// Takes the next key of a lane that is ready to run, or nil when there is none.
    ///
    /// Highest priority first, to which each minute of waiting adds one, so that nothing waits for ever; then the tenant with the
    /// fewest keys running, then the longest ready. The start is counted before the work begins; see ``QuarantinePolicy``.
    ///
    /// - Parameters:
    ///   - kinds: Only keys of these kinds: those that the worker knows what to do with.
    ///   - worker: Who takes it: one name a process, for ``tenantLimit`` is kept by process.
    ///   - tenantLimit: How many keys of one tenant the worker may hold in this lane. Calls with the same worker and
    ///     lane must come one after the other, or the limit is not kept.
    ///   - duration: How long the lease lasts when it is not extended.
    public func claim(
        lane: Lane, kinds: [String], worker: String, tenantLimit: Int = .max, leaseFor duration: Duration
    ) async throws -> Lease? {
        let rows = try await pool.query(
            Self.claimStatement, [lane.rawValue, worker, tenantLimit, duration.microseconds, kinds])
        return try rows.first.map(Self.lease)
    }

    /// How long until the next key of a lane that is not due yet may run; nil when there is none.
    public func timeUntilNext(in lane: Lane) async throws -> Duration? {
        let rows = try await pool.query(
            """
            SELECT ceil(extract(epoch FROM min(not_before) - statement_timestamp()) * 1000)::bigint AS milliseconds
            FROM sluice.work_items
            WHERE lane = $1 AND state = 'waiting' AND not_before > statement_timestamp()
            """, [lane.rawValue])
        return try rows.first?.optionalInt64("milliseconds").map { .milliseconds(max(0, $0)) }
    }

    static func lease(_ row: PostgresRow) throws -> Lease {
        let (starts, failures) = (try row.int("starts"), try row.int("failures"))
        return Lease(
            key: try row.key(), fence: try row.int64("fence"), lane: try row.word("lane"),
            tenant: try row.string("tenant"), pass: try row.int64("pass"), attempt: max(1, starts + failures),
            failures: failures, waited: .milliseconds(max(0, try row.int64("waited"))),
            reasons: try row.strings("running_reasons"),
            revision: try row.optionalString("running_revision"), worker: try row.string("owner"),
            trace: try row.optionalString("running_trace"))
    }

    // However long the queue is, only a few rows of each tenant are looked at: the tenants by skipping through an index,
    // then the first of each. Of the best of those, the first that no other replica is taking at this moment is locked.
    private static let claimStatement = """
        WITH RECURSIVE tenants AS (
            (SELECT tenant FROM sluice.work_items WHERE lane = $1 AND state = 'waiting' ORDER BY tenant LIMIT 1)
            UNION ALL
            SELECT (
                SELECT item.tenant FROM sluice.work_items AS item
                WHERE item.lane = $1 AND item.state = 'waiting' AND item.tenant > tenants.tenant
                ORDER BY item.tenant LIMIT 1)
            FROM tenants WHERE tenants.tenant IS NOT NULL
        ), busy AS (
            SELECT tenant, count(*) AS running, count(*) FILTER (WHERE owner = $2) AS mine
            FROM sluice.work_items WHERE lane = $1 AND state = 'running' GROUP BY tenant
        ), best AS (
            SELECT kind, name, row_number() OVER (
                ORDER BY priority + floor(extract(epoch FROM statement_timestamp() - not_before) / 60) DESC,
                    coalesce(running, 0), not_before, kind, name) AS place
            FROM tenants LEFT JOIN busy USING (tenant) CROSS JOIN LATERAL (
                SELECT kind, name, priority, not_before FROM sluice.work_items AS item
                WHERE item.lane = $1 AND item.state = 'waiting' AND item.tenant = tenants.tenant
                    AND item.not_before <= statement_timestamp() AND item.kind = ANY ($5::text[])
                ORDER BY priority DESC, not_before LIMIT 16) AS ready
            WHERE coalesce(mine, 0) < $3::bigint
            ORDER BY place LIMIT 64
        ), chosen AS (
            SELECT item.kind, item.name FROM sluice.work_items AS item JOIN best USING (kind, name)
            WHERE item.lane = $1 AND item.state = 'waiting' AND item.not_before <= statement_timestamp()
            ORDER BY best.place LIMIT 1 FOR UPDATE OF item SKIP LOCKED
        )
        UPDATE sluice.work_items AS item SET
            state = 'running', fence = nextval('sluice.fence'), owner = $2,
            lease_expires_at = statement_timestamp() + $4::bigint * interval '1 microsecond',
            pass = pass + 1, starts = starts + 1, started_at = statement_timestamp(),
            running_revision = revision, revision = NULL, running_reasons = reasons, reasons = '{}',
            running_trace = trace, trace = NULL,
            cancel_reason = NULL, again_at = NULL, again_lane = NULL, priority = 0
        FROM chosen WHERE item.kind = chosen.kind AND item.name = chosen.name
        RETURNING item.kind, item.name, item.fence, item.lane, item.tenant, item.pass, item.starts, item.failures,
            item.running_reasons, item.running_revision, item.running_trace, item.owner,
            floor(extract(epoch FROM statement_timestamp() - item.not_before) * 1000)::bigint AS waited
        """
}
