import DesiredState
import Foundation
import PostgresClient

extension PostgresConnection {
    /// An event that a subscriber wants to be told.
    private struct Wanted {
        let subscriber: ResourceKey
        let subscription: Subscription
        let event: NewEvent
    }

    /// Within a transaction: puts events of an object into the outbox of each subscriber whose rules cover them, and has those
    /// looked at. What was told lately in the same words is counted instead. Nobody is told of their own events.
    func tell(_ events: [NewEvent], of key: ResourceKey) async throws {
        let subscribers = try await query("SELECT * FROM sluice.subscribers ORDER BY kind, name")
        var wanted: [Wanted] = []
        var seen: Set<NewEvent> = []
        let events = events.filter { seen.insert($0).inserted }
        for row in subscribers {
            let (subscriber, subscription) = (try row.key(), try NoticeOutbox.subscription(row))
            guard subscriber != key else { continue }
            wanted += events.filter { event in
                subscription.rules.contains { rule in
                    rule.covers(
                        key, severity: event.severity == .warning ? .warning : .normal, reason: event.reason)
                }
            }.map { Wanted(subscriber: subscriber, subscription: subscription, event: $0) }
        }
        guard !wanted.isEmpty else { return }
        var (new, known): ([Wanted], [Int64]) = ([], [])
        for wish in wanted {
            if let earlier = try await earlier(wish, key) { known.append(earlier) } else { new.append(wish) }
        }
        // The queue before other rows, as everywhere: whoever sends holds the subscriber's key and then its notices.
        _ = try await enqueue(
            new.map {
                EnqueueRequest($0.subscriber, lane: .observe, reason: "event", delay: $0.subscription.gather)
            })
        for wish in new { try await put(wish, key) }
        guard !known.isEmpty else { return }
        _ = try await query("UPDATE sluice.notices SET repeats = repeats + 1 WHERE id = ANY ($1::bigint[])", [known])
    }

    /// The notice by which the subscriber was told the same not long ago.
    private func earlier(_ wish: Wanted, _ key: ResourceKey) async throws -> Int64? {
        let rows = try await query(
            """
            SELECT id FROM sluice.notices
            WHERE kind = $1 AND name = $2 AND object_kind = $3 AND object_name = $4 AND type = $5 AND reason = $6
                AND digest = md5($7) AND state <> 'dropped'
                AND created_at > statement_timestamp() - $8::bigint * interval '1 microsecond'
            ORDER BY id DESC LIMIT 1
            """,
            [
                wish.subscriber.kind, wish.subscriber.name, key.kind, key.name, wish.event.severity.rawValue,
                Storable.text(wish.event.reason, limit: 100), Storable.text(wish.event.message),
                wish.subscription.quiet.microseconds,
            ])
        return try rows.first?.int64("id")
    }

    /// With what people call the object, and who asked for where it goes: a release's title and operator.
    private func put(_ wish: Wanted, _ key: ResourceKey) async throws {
        _ = try await query(
            """
            INSERT INTO sluice.notices (kind, name, object_kind, object_name, type, reason, message, title, actor)
            SELECT $1, $2, $3, $4, $5, $6, $7,
                left(coalesce(spec ->> 'title', status ->> 'title'), 250), left(spec ->> 'requestedBy', 200)
            FROM (SELECT) AS always LEFT JOIN sluice.resources AS object
                ON object.kind = $3 AND object.name = $4
            """,
            [
                wish.subscriber.kind, wish.subscriber.name, key.kind, key.name, wish.event.severity.rawValue,
                Storable.text(wish.event.reason, limit: 100), Storable.text(wish.event.message),
            ])
    }
}
