import DesiredState
import PostgresClient

extension WorkQueue {
    /// Asks for a key to be looked at. The ticket names the pass that will answer.
    @discardableResult
    public func enqueue(_ request: EnqueueRequest) async throws -> WorkTicket {
        let tickets = try await enqueue([request])
        return tickets.first ?? WorkTicket(key: request.key, pass: 1)
    }

    /// Asks for several keys to be looked at, all or none. Wishes for the same key are merged first.
    ///
    /// - Parameter onlyIdle: Leaves keys alone that wait already or run: a sweep is no reason to cut a backoff short.
    /// - Returns: A ticket for each key that was enqueued, in no particular order.
    @discardableResult
    public func enqueue(_ requests: [EnqueueRequest], onlyIdle: Bool = false) async throws -> [WorkTicket] {
        guard !requests.isEmpty else { return [] }
        return try await pool.withConnection { try await $0.enqueue(requests, onlyIdle: onlyIdle) }
    }

    /// The wishes as JSON records, one a key, in the order of keys, so that two callers never wait for each other.
    static func merged(_ requests: [EnqueueRequest]) -> JSONValue {
        let byKey = Dictionary(grouping: requests, by: \.key)
        return .array(
            byKey.sorted { $0.key < $1.key }.compactMap { _, wishes in
                guard let last = wishes.last else { return nil }
                let reasons = wishes.map(\.reason).reduce(into: [String]()) { all, reason in
                    let text = Storable.text(reason, limit: 200)
                    if !all.contains(text) { all.append(text) }
                }
                return [
                    "kind": .string(last.key.kind), "name": .string(last.key.name),
                    "lane": .string(last.lane.rawValue), "tenant": .string(last.tenant),
                    "priority": .integer(wishes.map(\.priority).max() ?? last.priority),
                    "delay": .integer(Int(wishes.map(\.delay).min()?.microseconds ?? 0)),
                    "reasons": .array(reasons.prefix(maximumReasons).map { .string($0) }),
                    "revision": wishes.compactMap(\.superseding).last.map { .string($0) } ?? .null,
                    "lifts": .bool(wishes.contains(where: \.liftsQuarantine)),
                    "trace": wishes.compactMap(\.trace).last.map { .string($0) } ?? .null,
                ]
            })
    }

    // Rows are locked in one order by everybody: by their keys, and those who are told of others last, for the end of a pass
    // holds its own key when it tells them.

    /// Deaths and failures of an older revision say nothing about a newer one; of the same one they do, however often
    /// it is announced. What happens to a key that runs is decided when it ends.
    private static let isNewChance = """
        item.state <> 'running' AND (excluded.revision <> coalesce(item.revision, '') OR (
            SELECT lifts FROM wishes WHERE wishes.kind = item.kind AND wishes.name = item.name))
        """

    fileprivate static let enqueueStatement = """
        WITH wishes AS (
            SELECT kind, name, lane, tenant, priority, revision, lifts, trace,
                statement_timestamp() + delay * interval '1 microsecond' AS not_before,
                ARRAY(SELECT jsonb_array_elements_text(reasons)) AS reasons
            FROM jsonb_to_recordset($1::jsonb) AS wish(kind text, name text, lane text, tenant text, priority int,
                delay bigint, reasons jsonb, revision text, lifts boolean, trace text)
        ), items AS (
            INSERT INTO sluice.work_items AS item
                (kind, name, lane, tenant, priority, state, not_before, reasons, revision, trace)
            SELECT kind, name, lane, tenant, priority, 'waiting', not_before, reasons, revision, trace
            FROM wishes
            ORDER BY EXISTS (
                SELECT FROM sluice.subscribers AS subscriber
                WHERE subscriber.kind = wishes.kind AND subscriber.name = wishes.name), kind, name
            ON CONFLICT (kind, name) DO UPDATE SET
                lane = CASE item.state WHEN 'running' THEN item.lane ELSE excluded.lane END,
                tenant = excluded.tenant,
                priority = CASE item.state WHEN 'idle' THEN excluded.priority
                    ELSE greatest(item.priority, excluded.priority) END,
                state = CASE item.state WHEN 'idle' THEN 'waiting'
                    WHEN 'quarantined' THEN CASE WHEN \(isNewChance) THEN 'waiting' ELSE item.state END
                    ELSE item.state END,
                starts = CASE WHEN \(isNewChance) THEN 0 ELSE item.starts END,
                failures = CASE WHEN \(isNewChance) THEN 0 ELSE item.failures END,
                not_before = CASE item.state WHEN 'waiting' THEN least(item.not_before, excluded.not_before)
                    WHEN 'running' THEN item.not_before
                    WHEN 'quarantined' THEN CASE WHEN \(isNewChance) THEN excluded.not_before ELSE item.not_before END
                    ELSE excluded.not_before END,
                again_at = CASE item.state WHEN 'running' THEN least(item.again_at, excluded.not_before) END,
                again_lane = CASE item.state WHEN 'running' THEN excluded.lane END,
                reasons = (
                    SELECT coalesce(array_agg(reason ORDER BY place), '{}') FROM (
                        SELECT reason, min(place) AS place
                        FROM unnest(item.reasons || excluded.reasons) WITH ORDINALITY AS each(reason, place)
                        GROUP BY reason ORDER BY min(place) LIMIT $2::int) AS bounded),
                revision = coalesce(excluded.revision, item.revision),
                trace = coalesce(excluded.trace, item.trace),
                cancel_reason = CASE
                    WHEN item.state = 'running' AND item.running_revision <> excluded.revision
                    THEN coalesce(item.cancel_reason, 'superseded by ' || excluded.revision)
                    ELSE item.cancel_reason END
            WHERE NOT $3::boolean OR item.state = 'idle'
            RETURNING kind, name, lane, state, not_before, pass, fence, cancel_reason
        )
        SELECT kind, name, pass + 1 AS ticket,
            CASE WHEN state = 'waiting' AND not_before <= statement_timestamp()
                THEN pg_notify('\(wakeChannel)', lane) END AS woken,
            CASE WHEN cancel_reason IS NOT NULL THEN pg_notify('\(cancelChannel)', fence::text) END AS cancelled
        FROM items
        """
}

extension PostgresConnection {
    /// Asks for keys to be looked at; see ``WorkQueue/enqueue(_:onlyIdle:)``. In a transaction, workers hear of it at its
    /// end.
    func enqueue(_ requests: [EnqueueRequest], onlyIdle: Bool = false) async throws -> [WorkTicket] {
        guard !requests.isEmpty else { return [] }
        let rows = try await query(
            WorkQueue.enqueueStatement,
            [Storable.json(WorkQueue.merged(requests)), WorkQueue.maximumReasons, onlyIdle])
        return try rows.map { WorkTicket(key: try $0.key(), pass: try $0.int64("ticket")) }
    }
}
