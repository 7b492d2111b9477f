public import DesiredState
import Diagnostics
import PostgresClient

/// What people have asked of objects, each once, and what became of it.
///
/// An order and the wish that its object be looked at are written together, and so are its answer and the status that comes
/// of it: a process that dies leaves an order that is carried out, or one that waits, never half of it.
public struct OrderBook: Sendable {
    /// How many orders of one object may wait, and how many are remembered.
    public static let (maximumWaiting, maximumPerObject) = (20, 500)

    let pool: PostgresPool

    /// Takes an order in and has its object looked at. Returns its number and the pass that will answer.
    /// - Throws: `order.too-many` when too many wait already.
    public func give(_ order: NewOrder, lane: Lane = .observe) async throws -> (id: Int64, pass: Int64) {
        try await pool.transaction { connection in
            // The queue before other rows, as everywhere.
            let tickets = try await connection.enqueue([
                EnqueueRequest(order.key, lane: lane, reason: "order", priority: 10, liftsQuarantine: true)
            ])
            let row = try await connection.query(
                "SELECT count(*) AS waiting FROM sluice.orders WHERE kind = $1 AND name = $2 AND outcome = 'waiting'",
                [order.key.kind, order.key.name]
            ).single()
            guard try row.int64("waiting") < Self.maximumWaiting else {
                throw SluiceError(
                    "order.too-many", .conflict, "\(Self.maximumWaiting) orders of \(order.key) wait already",
                    hint: "is the controller at work? sluice explain says what keeps the object")
            }
            let made = try await connection.query(
                """
                INSERT INTO sluice.orders (kind, name, verb, arguments, actor)
                VALUES ($1, $2, $3, $4::jsonb, $5) RETURNING id
                """,
                [
                    order.key.kind, order.key.name, Storable.text(order.verb, limit: 100),
                    Storable.json(order.arguments), Storable.text(order.actor, limit: 200),
                ]
            ).single()
            _ = try await connection.query(
                """
                DELETE FROM sluice.orders WHERE kind = $1 AND name = $2 AND outcome <> 'waiting' AND id <= (
                    SELECT id FROM sluice.orders WHERE kind = $1 AND name = $2
                    ORDER BY id DESC OFFSET \(Self.maximumPerObject) LIMIT 1)
                """, [order.key.kind, order.key.name])
            return (try made.int64("id"), tickets.first?.pass ?? 1)
        }
    }

    /// The orders of an object that nobody has answered, the oldest first.
    public func waiting(for key: ResourceKey) async throws -> [Order] {
        let rows = try await pool.query(
            "SELECT * FROM sluice.orders WHERE kind = $1 AND name = $2 AND outcome = 'waiting' ORDER BY id",
            [key.kind, key.name])
        return try rows.map(Self.order)
    }

    /// The orders of an object, newest first.
    public func list(of key: ResourceKey, page: PageRequest = PageRequest()) async throws -> Page<Order> {
        var conditions = Conditions()
        conditions.add("kind = $", key.kind)
        conditions.add("name = $", key.name)
        conditions.add("id < $::bigint", page.cursor?.id)
        let rows = try await pool.query(
            "SELECT * FROM sluice.orders \(conditions.clause) ORDER BY id DESC LIMIT \(page.limit + 1)",
            conditions.parameters)
        return Page(try rows.map(Self.order), limit: page.limit, id: \.id)
    }

    /// Answers an order, together with the status that comes of it and what people are told of it. Refused when the lease was
    /// taken over.
    /// - Returns: Whether it waited still; otherwise nothing was written.
    @discardableResult
    public func answer(
        _ order: Int64, _ outcome: Order.Outcome, _ answer: String, _ report: StatusReport = StatusReport(),
        events: [NewEvent] = [], under lease: Lease
    ) async throws -> Bool {
        try await pool.transaction { connection in
            try await connection.hold(lease)
            let rows = try await connection.query(
                """
                UPDATE sluice.orders SET outcome = $3, answer = $4, answered_at = statement_timestamp()
                WHERE id = $5::bigint AND kind = $1 AND name = $2 AND outcome = 'waiting' RETURNING id
                """, [lease.key.kind, lease.key.name, outcome.rawValue, Storable.text(answer), order])
            guard !rows.isEmpty else { return false }
            try await connection.write(report, to: lease.key)
            try await connection.append(events, to: lease.key)
            return true
        }
    }

    private static func order(_ row: PostgresRow) throws -> Order {
        Order(
            id: try row.int64("id"), key: try row.key(), verb: try row.string("verb"),
            arguments: try row.json("arguments"), actor: try row.string("actor"), givenAt: try row.date("given_at"),
            outcome: try row.word("outcome"), answer: try row.optionalString("answer"),
            answeredAt: try row.optionalDate("answered_at"))
    }
}
