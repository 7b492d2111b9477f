import DesiredState
import NIOConcurrencyHelpers
public import PostgresClient

/// Keeps deliveries, many in one commit: while one batch is on its way to the disk, the next gathers.
///
/// So a thousand a second cost a few hundred commits, and none waits longer than two. There is one for each process.
public final class DeliveryIntake: Sendable {
    private struct Entry {
        let delivery: NewDelivery
        let continuation: CheckedContinuation<DeliveryReceipt, any Error>
    }

    private struct State {
        var waiting: [Entry] = []
        var isWriting = false
    }

    /// How many deliveries, and bytes of their bodies, go in one statement.
    static let batchLimit = 256
    static let batchBytes = 8 << 20

    private let pool: PostgresPool
    private let didKeep: @Sendable () -> Void
    private let state = NIOLockedValueBox(State())

    /// Makes an intake.
    /// - Parameter didKeep: Told after each commit with something new: whoever handles deliveries may look.
    public init(pool: PostgresPool, didKeep: @escaping @Sendable () -> Void = {}) {
        self.pool = pool
        self.didKeep = didKeep
    }

    /// Keeps a delivery; returns when it cannot be lost any more. One that was here before is counted on the first, and has it
    /// handled once more when that was a minute ago or longer.
    public func keep(_ delivery: NewDelivery) async throws -> DeliveryReceipt {
        try await withCheckedThrowingContinuation { continuation in
            let isFirst = state.withLockedValue { state in
                state.waiting.append(Entry(delivery: delivery, continuation: continuation))
                defer { state.isWriting = true }
                return !state.isWriting
            }
            // A task of its own: the batch belongs to all of its senders, and one that hangs up takes none with it.
            if isFirst { Task { await self.write() } }
        }
    }

    private func write() async {
        while let batch = nextBatch() {
            do {
                let receipts = try await pool.withConnection { connection in
                    try await connection.keep(batch.map(\.delivery))
                }
                if receipts.contains(where: { $0.outcome == .waiting }) { didKeep() }
                for (entry, receipt) in zip(batch, receipts) { entry.continuation.resume(returning: receipt) }
            } catch {
                for entry in batch { entry.continuation.resume(throwing: error) }
            }
        }
    }

    private func nextBatch() -> [Entry]? {
        state.withLockedValue { state in
            var (count, bytes) = (0, 0)
            for entry in state.waiting.prefix(Self.batchLimit) {
                bytes += entry.delivery.body?.count ?? 0
                if count > 0, bytes > Self.batchBytes { break }
                count += 1
            }
            guard count > 0 else {
                state.isWriting = false
                return nil
            }
            defer { state.waiting.removeFirst(count) }
            return Array(state.waiting.prefix(count))
        }
    }
}

extension PostgresConnection {
    private struct Identity: Hashable {
        let source: String
        let key: String
    }

    /// After how many seconds a repeat may be news. What no id tells apart comes in the same bytes twice when a branch moves,
    /// is set back and moves again; and whoever repeats another's delivery causes a look at this distance at most.
    private static var newsAfter: Int { 60 }

    /// Keeps deliveries in one statement, and gives their receipts in the same order.
    nonisolated fileprivate func keep(_ deliveries: [NewDelivery]) async throws -> [DeliveryReceipt] {
        let groups = Dictionary(grouping: deliveries) { Identity(source: $0.source, key: $0.key) }
        // In one order for all writers, so that two never wait for each other.
        let firsts = groups.sorted { ($0.key.source, $0.key.key) < ($1.key.source, $1.key.key) }
            .compactMap { _, same in same.first.map { (delivery: $0, repeats: same.count - 1) } }
        var parameters: [any PostgresParameter] = []
        var tuples: [String] = []
        for (delivery, repeats) in firsts {
            let start = parameters.count
            tuples.append(Self.tuple(from: start))
            parameters += [
                Storable.text(delivery.source, limit: 255), Storable.text(delivery.key, limit: 255),
                Storable.text(delivery.scheme, limit: 255), delivery.event.map { Storable.text($0, limit: 255) },
                Storable.json(.object(delivery.headers.mapValues { .string($0) })), delivery.digest, delivery.size,
                delivery.body, repeats,
            ]
        }
        let rows = try await query(
            """
            INSERT INTO sluice.deliveries AS known
                (source, key, scheme, event, headers, digest, size, body, repeats)
            VALUES \(tuples.joined(separator: ", "))
            ON CONFLICT (source, key) DO UPDATE SET repeats = known.repeats + 1 + excluded.repeats,
                (outcome, attempts, handled_at) = (
                    SELECT CASE WHEN again THEN 'waiting' ELSE known.outcome END,
                        CASE WHEN again THEN 0 ELSE known.attempts END,
                        CASE WHEN again THEN NULL ELSE known.handled_at END
                    FROM (SELECT known.outcome = 'queued' AND known.handled_at
                        < statement_timestamp() - \(Self.newsAfter) * interval '1 second') AS asked(again))
            RETURNING id, source, key, outcome, xmax = 0 AS is_new
            """, parameters)
        var kept: [Identity: DeliveryReceipt] = [:]
        for row in rows {
            kept[Identity(source: try row.string("source"), key: try row.string("key"))] = DeliveryReceipt(
                id: try row.int64("id"), isRepeat: try !row.bool("is_new"), outcome: try row.word("outcome"))
        }
        return try deliveries.map { delivery in
            let identity = Identity(
                source: Storable.text(delivery.source, limit: 255), key: Storable.text(delivery.key, limit: 255))
            guard let receipt = kept[identity] else {
                throw PostgresError(.protocolViolation, "the server did not say what became of a delivery")
            }
            // Of two in one batch the second is the repeat.
            kept[identity] = DeliveryReceipt(id: receipt.id, isRepeat: true, outcome: receipt.outcome)
            return receipt
        }
    }

    private static func tuple(from start: Int) -> String {
        let types = ["text", "text", "text", "text", "jsonb", "text", "int", "bytea", "bigint"]
        return "(" + types.enumerated().map { "$\(start + $0 + 1)::\($1)" }.joined(separator: ", ") + ")"
    }
}
