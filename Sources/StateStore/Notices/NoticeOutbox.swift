public import DesiredState
import PostgresClient

/// Who is told of events, and what became of it.
///
/// A notice is written in the transaction of its event, once for each subscriber whose rules cover it, together with the wish
/// that the subscriber be looked at: a process that dies loses none. Whoever sends them records it afterwards, so that one that
/// dies in between sends once more, under the same id.
public struct NoticeOutbox: Sendable {
    let pool: PostgresPool

    /// How many notices are sent in one pass at most.
    public static let batchLimit = 200

    /// Notices, newest first.
    public func list(
        _ filter: NoticeFilter = NoticeFilter(), page: PageRequest = PageRequest()
    ) async throws -> Page<Notice> {
        var conditions = Conditions()
        conditions.add("name = $", filter.subscriber)
        conditions.add("object_kind = $", filter.object?.kind)
        conditions.add("object_name = $", filter.object?.name)
        conditions.add("state = ANY ($::text[])", filter.states.isEmpty ? nil : filter.states.map(\.rawValue).sorted())
        conditions.add("created_at >= $::timestamptz", filter.since)
        conditions.add("id < $::bigint", page.cursor?.id)
        let rows = try await pool.query(
            "SELECT * FROM sluice.notices \(conditions.clause) ORDER BY id DESC LIMIT \(page.limit + 1)",
            conditions.parameters)
        return Page(try rows.map(Self.notice), limit: page.limit, id: \.id)
    }

    /// One notice; nil when there is none, or none any more.
    public func notice(_ id: Int64) async throws -> Notice? {
        let rows = try await pool.query("SELECT * FROM sluice.notices WHERE id = $1::bigint", [id])
        return try rows.first.map(Self.notice)
    }

    /// What a subscriber may be told now, oldest first, what people asked for before the rest.
    public func due(for key: ResourceKey) async throws -> [Notice] {
        let rows = try await pool.query(
            """
            SELECT * FROM sluice.notices WHERE kind = $1 AND name = $2 AND state = 'waiting'
                AND next_attempt_at <= statement_timestamp()
            ORDER BY asked DESC, id LIMIT \(Self.batchLimit)
            """, [key.kind, key.name])
        return try rows.map(Self.notice)
    }

    /// How long ago the messages of the last minute were sent to a subscriber.
    public func recentMessages(to key: ResourceKey) async throws -> [Duration] {
        let rows = try await pool.query(
            """
            SELECT extract(epoch FROM statement_timestamp() - max(attempted_at))::float8 AS age FROM sluice.notices
            WHERE kind = $1 AND name = $2 AND attempted_at > statement_timestamp() - interval '1 minute'
            GROUP BY sending
            """, [key.kind, key.name])
        return try rows.map { .seconds(try $0.double("age")) }
    }

    /// How a subscriber stands.
    public func standing(of key: ResourceKey) async throws -> SubscriberStanding {
        let rows = try await pool.query(
            """
            SELECT subscriber.*, statement_timestamp() AS present,
                extract(epoch FROM not_before - statement_timestamp())::float8 AS pause,
                (SELECT count(*) FROM sluice.notices AS notice WHERE notice.kind = $1 AND notice.name = $2
                    AND state = 'waiting') AS waiting,
                (SELECT extract(epoch FROM min(next_attempt_at) - statement_timestamp())::float8
                    FROM sluice.notices AS notice WHERE notice.kind = $1 AND notice.name = $2
                    AND state = 'waiting') AS next,
                (SELECT max(ended_at) FROM sluice.notices AS notice WHERE notice.kind = $1 AND notice.name = $2
                    AND state = 'delivered') AS delivered_at
            FROM sluice.subscribers AS subscriber WHERE subscriber.kind = $1 AND subscriber.name = $2
            """, [key.kind, key.name])
        guard let row = rows.first else { return SubscriberStanding() }
        var standing = SubscriberStanding()
        standing.subscription = try Self.subscription(row)
        standing.failures = try row.int("failures")
        standing.failingSince = try row.optionalDate("failing_since")
        standing.pause = try row.optionalDouble("pause").flatMap { $0 > 0 ? .seconds($0) : nil }
        if let reason = try row.optionalString("stopped_because") {
            standing.stop = .init(reason, generation: try row.optionalInt64("stopped_generation") ?? 0)
        }
        standing.waiting = try row.int("waiting")
        standing.next = try row.optionalDouble("next").map { .seconds(max(0, $0)) }
        standing.deliveredAt = try row.optionalDate("delivered_at")
        return standing
    }

    static func subscription(_ row: PostgresRow) throws -> Subscription {
        Subscription(
            rules: try row.json("rules").decode(), quiet: .microseconds(try row.int64("quiet")),
            gather: .microseconds(try row.int64("gather")))
    }

    static func notice(_ row: PostgresRow) throws -> Notice {
        let state: NoticeState = try row.word("state")
        return Notice(
            id: try row.int64("id"), messageID: try row.string("message_id"), subscriber: try row.key(),
            object: try row.key("object_kind", "object_name"), severity: try row.word("type"),
            reason: try row.string("reason"), message: try row.string("message"),
            title: try row.optionalString("title"), actor: try row.optionalString("actor"),
            repeats: try row.int64("repeats"), state: state, isAsked: try row.bool("asked"),
            attempts: try row.int("attempts"), status: try row.optionalInt("status"),
            answer: try row.optionalString("answer"), createdAt: try row.date("created_at"),
            nextAttemptAt: state == .waiting ? try row.date("next_attempt_at") : nil,
            attemptedAt: try row.optionalDate("attempted_at"), endedAt: try row.optionalDate("ended_at"))
    }
}
