public import DesiredState
import Foundation
import PostgresClient

extension WorkQueue {
    /// A key as it stands; nil when it was never enqueued.
    public func item(_ key: ResourceKey) async throws -> WorkItem? {
        let rows = try await pool.query(
            "SELECT * FROM sluice.work_items WHERE kind = $1 AND name = $2", [key.kind, key.name])
        return try rows.first.map(Self.item)
    }

    /// Whether the pass that a ticket names has come to an end, good or bad.
    ///
    /// A key whose object was removed has nothing left to answer and counts as answered.
    public func isAnswered(_ ticket: WorkTicket) async throws -> Bool {
        guard let item = try await item(ticket.key) else { return true }
        return item.pass > ticket.pass || (item.pass == ticket.pass && item.state != .running)
    }

    /// How many keys are in each state, by lane: for metrics, and for "how long is the queue".
    public func census() async throws -> [Lane: [WorkItemState: Int]] {
        let rows = try await pool.query(
            "SELECT lane, state, count(*) AS keys FROM sluice.work_items GROUP BY lane, state")
        var census: [Lane: [WorkItemState: Int]] = [:]
        for row in rows {
            census[try row.word("lane"), default: [:]][try row.word("state")] = try row.int("keys")
        }
        return census
    }

    /// For how long the oldest key that is due has waited for a worker, by lane.
    public func oldestDue() async throws -> [Lane: Duration] {
        let rows = try await pool.query(
            """
            SELECT lane, extract(epoch FROM statement_timestamp() - min(not_before)) AS age
            FROM sluice.work_items WHERE state = 'waiting' AND not_before <= statement_timestamp() GROUP BY lane
            """)
        return Dictionary(
            try rows.map { (try $0.word("lane"), .seconds(try $0.double("age"))) },
            uniquingKeysWith: { first, _ in first })
    }

    static func item(_ row: PostgresRow) throws -> WorkItem {
        let state: WorkItemState = try row.word("state")
        let isRunning = state == .running
        return WorkItem(
            key: try row.key(), state: state, lane: try row.word("lane"), tenant: try row.string("tenant"),
            notBefore: try row.date("not_before"), reasons: try row.strings(isRunning ? "running_reasons" : "reasons"),
            pass: try row.int64("pass"), failures: try row.int("failures"), starts: try row.int("starts"),
            worker: try row.optionalString("owner"), startedAt: try row.optionalDate("started_at"),
            endedAt: try row.optionalDate("ended_at"))
    }
}
