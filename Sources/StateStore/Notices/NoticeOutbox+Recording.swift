public import DesiredState
import Diagnostics
import PostgresClient

extension NoticeOutbox {
    /// How many notices of one subscriber are kept, those that wait included; the oldest go first.
    public static let maximumPerSubscriber = 20_000

    /// Has a subscriber told of events from now on, by these rules. Refused when the lease was taken over.
    public func subscribe(_ subscription: Subscription, under lease: Lease) async throws {
        let rules = try JSONValue(encoding: subscription.rules)
        try await pool.transaction { connection in
            try await connection.hold(lease)
            _ = try await connection.query(
                """
                INSERT INTO sluice.subscribers (kind, name, rules, quiet, gather)
                VALUES ($1, $2, $3::jsonb, $4::bigint, $5::bigint)
                ON CONFLICT (kind, name) DO UPDATE SET
                    rules = excluded.rules, quiet = excluded.quiet, gather = excluded.gather
                """,
                [
                    lease.key.kind, lease.key.name, Storable.json(rules), subscription.quiet.microseconds,
                    subscription.gather.microseconds,
                ])
        }
    }

    /// Has a subscriber not told any more; what waits for it is dropped. Refused when the lease was taken over.
    public func unsubscribe(under lease: Lease) async throws {
        try await pool.transaction { connection in
            try await connection.hold(lease)
            let key = lease.key
            _ = try await connection.query(
                "DELETE FROM sluice.subscribers WHERE kind = $1 AND name = $2", [key.kind, key.name])
            _ = try await connection.query(
                """
                UPDATE sluice.notices SET state = 'dropped', ended_at = statement_timestamp()
                WHERE kind = $1 AND name = $2 AND state = 'waiting'
                """, [key.kind, key.name])
        }
    }

    /// Takes back that nothing is sent any more. Refused when the lease was taken over.
    public func resume(under lease: Lease) async throws {
        try await pool.transaction { connection in
            try await connection.hold(lease)
            try await connection.recover(lease.key)
        }
    }

    /// Records what came of an attempt. Refused when the lease was taken over.
    public func record(_ attempt: NoticeAttempt, under lease: Lease) async throws {
        try await pool.transaction { connection in
            try await connection.hold(lease)
            switch attempt.outcome {
            case .delivered:
                try await connection.settle(attempt, with: [:])
                try await connection.recover(lease.key)
            case .failed(let delays, let pause):
                try await connection.settle(attempt, with: delays)
                _ = try await connection.query(
                    """
                    UPDATE sluice.subscribers SET failures = failures + 1,
                        failing_since = coalesce(failing_since, statement_timestamp()),
                        not_before = statement_timestamp() + $3::bigint * interval '1 microsecond'
                    WHERE kind = $1 AND name = $2
                    """, [lease.key.kind, lease.key.name, pause.microseconds])
            case .stopped(let stop):
                // They stay where they are: whoever mends the subscriber has them sent.
                let delays = Dictionary(attempt.notices.map { ($0, Duration?.some(.zero)) }) { first, _ in first }
                try await connection.settle(attempt, with: delays)
                _ = try await connection.query(
                    """
                    UPDATE sluice.subscribers SET failures = failures + 1,
                        failing_since = coalesce(failing_since, statement_timestamp()), not_before = NULL,
                        stopped_because = $3, stopped_generation = $4::bigint
                    WHERE kind = $1 AND name = $2
                    """, [lease.key.kind, lease.key.name, Storable.text(stop.reason, limit: 500), stop.generation])
            }
        }
    }

    /// Has a notice sent once more, or again now, under the same id. Nil when there is none; the pass that does it otherwise.
    /// - Throws: `notice.no-subscriber` when whom it was for is not there any more.
    public func redeliver(_ id: Int64) async throws -> Int64? {
        guard let notice = try await notice(id) else { return nil }
        return try await pool.transaction { connection in
            let pass = try await connection.wake(notice.subscriber)
            _ = try await connection.query(
                """
                UPDATE sluice.notices SET state = 'waiting', asked = true, attempts = 0, ended_at = NULL,
                    next_attempt_at = statement_timestamp() WHERE id = $1::bigint
                """, [id])
            return pass
        }
    }

    /// Has a subscriber told that this is a test. Returns the notice's number and the pass that sends it.
    /// - Throws: `notice.no-subscriber` when there is none.
    public func test(_ key: ResourceKey, by actor: String) async throws -> (id: Int64, pass: Int64) {
        try await pool.transaction { connection in
            let pass = try await connection.wake(key)
            let row = try await connection.query(
                """
                INSERT INTO sluice.notices (kind, name, object_kind, object_name, type, reason, message, actor, asked)
                VALUES ($1, $2, $1, $2, 'Normal', 'Test', 'This is a test: the channel works.', $3, true) RETURNING id
                """, [key.kind, key.name, Storable.text(actor, limit: 200)]
            ).single()
            return (try row.int64("id"), pass)
        }
    }

    /// Forgets what was settled long ago, gives up what waits for too long, and keeps the outbox of each subscriber within
    /// bounds. Returns how many were touched; call again while it is `limit`.
    @discardableResult
    public func purge(
        settledFor kept: Duration = .seconds(30 * 86_400), waitingFor patience: Duration = .seconds(7 * 86_400),
        limit: Int = 5_000
    ) async throws -> Int {
        let forgotten = try await pool.query(
            """
            DELETE FROM sluice.notices WHERE id IN (
                SELECT id FROM sluice.notices
                WHERE ended_at < statement_timestamp() - $1::bigint * interval '1 microsecond'
                ORDER BY id LIMIT $2::int)
            """, [kept.microseconds, limit]
        ).affected
        let abandoned = try await pool.query(
            """
            UPDATE sluice.notices SET state = 'dead', ended_at = statement_timestamp(),
                answer = coalesce(answer, 'it waited for too long')
            WHERE id IN (
                SELECT id FROM sluice.notices WHERE state = 'waiting' AND NOT asked
                    AND created_at < statement_timestamp() - $1::bigint * interval '1 microsecond'
                ORDER BY id LIMIT $2::int)
            """, [patience.microseconds, limit]
        ).affected
        let crowded = try await pool.query(
            """
            DELETE FROM sluice.notices WHERE id IN (
                SELECT id FROM (
                    SELECT id, row_number() OVER (PARTITION BY kind, name ORDER BY id DESC) AS place
                    FROM sluice.notices) AS ranked
                WHERE place > \(Self.maximumPerSubscriber) ORDER BY id LIMIT $1::int)
            """, [limit]
        ).affected
        return max(forgotten, abandoned, crowded)
    }
}

extension PostgresConnection {
    /// Has a subscriber looked at because a person asked.
    fileprivate func wake(_ key: ResourceKey) async throws -> Int64 {
        // The queue before other rows, as everywhere.
        let tickets = try await enqueue([
            EnqueueRequest(key, lane: .observe, reason: "asked", priority: 10, liftsQuarantine: true)
        ])
        let known = try await query(
            "SELECT 1 AS one FROM sluice.subscribers WHERE kind = $1 AND name = $2", [key.kind, key.name])
        guard !known.isEmpty else {
            throw SluiceError(
                "notice.no-subscriber", .stalled, "there is no \(key), or it is not subscribed yet",
                hint: "sluice get channels lists them")
        }
        return tickets.first?.pass ?? 1
    }

    fileprivate func recover(_ key: ResourceKey) async throws {
        _ = try await query(
            """
            UPDATE sluice.subscribers SET failures = 0, failing_since = NULL, not_before = NULL,
                stopped_because = NULL, stopped_generation = NULL
            WHERE kind = $1 AND name = $2 AND (failures > 0 OR stopped_because IS NOT NULL)
            """, [key.kind, key.name])
    }

    /// Writes the end of an attempt on its notices. One without a delay is delivered; one whose delay is nil is given up.
    fileprivate func settle(_ attempt: NoticeAttempt, with delays: [Int64: Duration?]) async throws {
        let records = attempt.notices.map { id -> JSONValue in
            let delay = delays[id]
            let state: NoticeState = delay == nil ? .delivered : delay == .some(nil) ? .dead : .waiting
            return [
                "id": .integer(Int(id)), "state": .string(state.rawValue),
                "delay": .integer(Int((delay ?? nil)?.microseconds ?? 0)),
            ]
        }
        _ = try await query(
            """
            WITH sending AS (SELECT gen_random_uuid() AS id)
            UPDATE sluice.notices AS notice SET state = ended.state, asked = false,
                attempts = attempts + (ended.state <> 'delivered')::int,
                next_attempt_at = statement_timestamp() + ended.delay * interval '1 microsecond',
                attempted_at = statement_timestamp(), sending = (SELECT id FROM sending),
                status = $2::int, answer = $3,
                ended_at = CASE WHEN ended.state <> 'waiting' THEN statement_timestamp() END
            FROM jsonb_to_recordset($1::jsonb) AS ended(id bigint, state text, delay bigint)
            WHERE ended.id = notice.id
            """, [Storable.json(.array(records)), attempt.status, attempt.answer.map { Storable.text($0, limit: 600) }])
    }
}
