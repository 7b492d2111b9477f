public import DesiredState
import PostgresClient
import WorkContext

/// A delivery as its handler sees it.
public struct WaitingDelivery: Hashable, Sendable, Identifiable {
    /// Its number.
    public let id: Int64
    /// Who sent it.
    public let source: String
    /// How it is to be read.
    public let scheme: String
    /// What happened, as a header names it.
    public let event: String?
    /// The body; nil when it is not here any more, or never was.
    public let body: [UInt8]?
    /// The hint that was taken from it when it was handled before; null when it was not.
    public let hint: JSONValue

    /// Makes a delivery.
    public init(id: Int64, source: String, scheme: String, event: String?, body: [UInt8]?, hint: JSONValue) {
        self.id = id
        self.source = source
        self.scheme = scheme
        self.event = event
        self.body = body
        self.hint = hint
    }
}

/// What is to become of a delivery.
public struct DeliveryDecision: Hashable, Sendable {
    /// What becomes of it; not ``DeliveryOutcome/waiting``.
    public let outcome: DeliveryOutcome
    /// Why, safe to show anyone.
    public let reason: String?
    /// The hint that was taken from it; null for none.
    public let hint: JSONValue
    /// What is to be looked at.
    public let wishes: [EnqueueRequest]

    /// Makes a decision.
    public init(
        _ outcome: DeliveryOutcome, because reason: String? = nil, hint: JSONValue = .null,
        wishes: [EnqueueRequest] = []
    ) {
        self.outcome = outcome
        self.reason = reason
        self.hint = hint
        self.wishes = wishes
    }
}

extension DeliveryLog {
    /// How often handling a delivery may begin. One that ends the process, or fails, is not tried for ever.
    public static let maximumAttempts = 5
    /// How many bytes of bodies are handled at a time.
    static let batchBytes = 8 << 20
    static let batchLimit = 500
    /// From its third attempt on a delivery is handled alone, so that it takes no other with it.
    private static let attemptsTogether = 2

    /// Handles deliveries that wait, oldest first, as many as fit a batch: what is decided about them and the wishes that
    /// follow are one transaction. Wishes for the same key become one.
    ///
    /// - Parameter decide: Decides about one delivery; must not depend on anything that the database says.
    /// - Returns: How many were handled or given up; call again while there are any.
    @discardableResult
    public func handleWaiting(_ decide: (WaitingDelivery) -> DeliveryDecision) async throws -> Int {
        let abandoned = try await abandonHopeless()
        // Counted before, and in a transaction of its own: a delivery that ends the process is remembered.
        var begun = try await begin("attempts < \(Self.attemptsTogether)", limit: Self.batchLimit)
        if begun.isEmpty { begun = try await begin("attempts >= \(Self.attemptsTogether)", limit: 1) }
        guard !begun.isEmpty else { return abandoned }
        let ids = begun
        return try await pool.transaction { connection in
            let rows = try await connection.query(
                """
                SELECT id, source, scheme, event, body, coalesce(hint, 'null') AS hint,
                    headers ->> '\(TraceContext.header)' AS trace
                FROM sluice.deliveries
                WHERE id = ANY ($1::bigint[]) AND outcome = 'waiting' ORDER BY id FOR UPDATE SKIP LOCKED
                """, [ids])
            let decided = try rows.map { row in
                let delivery = try Self.waiting(row)
                let trace = try row.optionalString("trace").flatMap { TraceContext(traceparent: $0) }
                // Wishes belong to the trace of the request that brought the delivery.
                return WorkContext.$current.withValue(WorkContext(trace: trace)) {
                    (id: delivery.id, decision: decide(delivery))
                }
            }
            _ = try await connection.enqueue(decided.flatMap(\.decision.wishes))
            try await Self.record(decided, on: connection)
            return decided.count
        } + abandoned
    }

    private func begin(_ condition: String, limit: Int) async throws -> [Int64] {
        let rows = try await pool.query(
            """
            WITH locked AS (
                SELECT id, size FROM sluice.deliveries WHERE outcome = 'waiting' AND \(condition)
                ORDER BY id LIMIT $1::int FOR UPDATE SKIP LOCKED
            ), measured AS (
                SELECT id, sum(size) OVER (ORDER BY id) - size AS before FROM locked
            )
            UPDATE sluice.deliveries AS delivery SET attempts = attempts + 1
            FROM measured WHERE measured.id = delivery.id AND measured.before < $2::bigint RETURNING delivery.id
            """, [limit, Self.batchBytes])
        return try rows.map { try $0.int64("id") }
    }

    private func abandonHopeless() async throws -> Int {
        try await pool.query(
            """
            UPDATE sluice.deliveries SET outcome = 'abandoned', handled_at = statement_timestamp(),
                reason = 'handling it did not come to an end ' || attempts || ' times'
            WHERE outcome = 'waiting' AND attempts >= $1::int
            """, [Self.maximumAttempts]
        ).affected
    }

    private static func record(
        _ decided: [(id: Int64, decision: DeliveryDecision)], on connection: PostgresConnection
    ) async throws {
        let records = decided.map { id, decision -> JSONValue in
            [
                "id": .integer(Int(id)), "outcome": .string(decision.outcome.rawValue),
                "reason": decision.reason.map { .string(Storable.text($0, limit: 500)) } ?? .null,
                "hint": decision.hint,
            ]
        }
        try await connection.query(
            """
            UPDATE sluice.deliveries AS delivery SET outcome = decided.outcome, reason = decided.reason,
                hint = coalesce(nullif(decided.hint, 'null'), delivery.hint), handled_at = statement_timestamp()
            FROM jsonb_to_recordset($1::jsonb) AS decided(id bigint, outcome text, reason text, hint jsonb)
            WHERE decided.id = delivery.id
            """, [Storable.json(.array(records))])
    }

    private static func waiting(_ row: PostgresRow) throws -> WaitingDelivery {
        WaitingDelivery(
            id: try row.int64("id"), source: try row.string("source"), scheme: try row.string("scheme"),
            event: try row.optionalString("event"), body: try row.optionalBytes("body"), hint: try row.json("hint"))
    }
}
