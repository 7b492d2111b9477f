public import DesiredState
import PostgresClient

/// What happened to objects, for people. A repeat is counted on the event it repeats, and moves it to the front.
public struct EventLog: Sendable {
    /// How many different events an object keeps.
    public static let maximumPerObject = 100

    let pool: PostgresPool

    /// Records events of an object.
    public func append(_ events: [NewEvent], to key: ResourceKey) async throws {
        guard !events.isEmpty else { return }
        try await pool.transaction { connection in try await connection.append(events, to: key) }
    }

    /// Events, newest first; of one object when a key is given.
    public func list(of key: ResourceKey? = nil, page: PageRequest = PageRequest()) async throws -> Page<Event> {
        var conditions = Conditions()
        conditions.add("kind = $", key?.kind)
        conditions.add("name = $", key?.name)
        conditions.add("id < $::bigint", page.cursor?.id)
        let rows = try await pool.query(
            "SELECT * FROM sluice.events \(conditions.clause) ORDER BY id DESC LIMIT \(page.limit + 1)",
            conditions.parameters)
        return Page(try rows.map(Self.event), limit: page.limit, id: \.id)
    }

    private static func event(_ row: PostgresRow) throws -> Event {
        Event(
            id: try row.int64("id"), key: try row.key(), severity: try row.word("type"),
            reason: try row.string("reason"), message: try row.string("message"), count: try row.int64("count"),
            firstSeen: try row.date("first_seen"), lastSeen: try row.date("last_seen"))
    }
}

extension PostgresConnection {
    /// Within a transaction: records events of an object, forgets the oldest beyond what an object keeps, and puts into the
    /// outbox whatever somebody wants to be told.
    func append(_ events: [NewEvent], to key: ResourceKey) async throws {
        guard !events.isEmpty else { return }
        for event in events {
            _ = try await query(
                """
                INSERT INTO sluice.events AS known (kind, name, type, reason, message) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (kind, name, type, reason, digest) DO UPDATE SET
                    id = excluded.id, count = known.count + 1, last_seen = statement_timestamp()
                """,
                [
                    key.kind, key.name, event.severity.rawValue, Storable.text(event.reason, limit: 100),
                    Storable.text(event.message),
                ])
        }
        _ = try await query(
            """
            DELETE FROM sluice.events WHERE kind = $1 AND name = $2 AND id <= (
                SELECT id FROM sluice.events WHERE kind = $1 AND name = $2
                ORDER BY id DESC OFFSET \(EventLog.maximumPerObject) LIMIT 1)
            """, [key.kind, key.name])
        try await tell(events, of: key)
    }
}
