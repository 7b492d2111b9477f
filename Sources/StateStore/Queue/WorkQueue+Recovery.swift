public import DesiredState
import Diagnostics
import PostgresClient

/// A key whose worker died, and what became of it.
public struct Recovery: Hashable, Sendable {
    /// The key.
    public let key: ResourceKey
    /// The fence that is worth nothing from now on.
    public let fence: Int64
    /// What became of the key.
    public let decision: QuarantinePolicy.Decision
}

extension WorkQueue {
    /// Has the leases of a worker run out now: for whoever knows that it is dead, such as a controller that starts where
    /// only one can run and finds the leases of the one before. Call ``recoverExpired(policy:spread:)`` afterwards.
    ///
    /// - Returns: How many leases there were.
    @discardableResult
    public func expireLeases(heldBy worker: String) async throws -> Int {
        try await pool.query(
            "UPDATE sluice.work_items SET lease_expires_at = statement_timestamp() WHERE owner = $1", [worker]
        ).affected
    }

    /// Takes over what dead workers left: leases that have run out.
    ///
    /// Their runs and the tasks under way become `lost`, the fence is worth nothing from then on, and the key waits again or
    /// is quarantined. A quarantined object becomes `Stalled` with the reason `CrashLoop`. Those whose quarantine is over wait
    /// again.
    ///
    /// - Parameter spread: A random number from 0 to 1 for each key; see ``QuarantinePolicy/decide(starts:spread:)``.
    public func recoverExpired(
        policy: QuarantinePolicy, spread: @Sendable () -> Double
    ) async throws -> [Recovery] {
        try await pool.transaction { connection in
            _ = try await connection.query(
                """
                UPDATE sluice.work_items SET state = 'waiting'
                WHERE state = 'quarantined' AND not_before <= statement_timestamp()
                """)
            let rows = try await connection.query(
                """
                SELECT kind, name, fence, starts FROM sluice.work_items
                WHERE state = 'running' AND lease_expires_at <= statement_timestamp()
                ORDER BY kind, name LIMIT 100 FOR UPDATE SKIP LOCKED
                """)
            var recoveries: [Recovery] = []
            for row in rows {
                let starts = try row.int("starts")
                let recovery = Recovery(
                    key: try row.key(), fence: try row.int64("fence"),
                    decision: policy.decide(starts: starts, spread: spread()))
                try await connection.recover(recovery, starts: starts)
                recoveries.append(recovery)
            }
            return recoveries
        }
    }
}

extension PostgresConnection {
    fileprivate func recover(_ recovery: Recovery, starts: Int) async throws {
        try await closeRuns(under: recovery.fence, as: .lost)
        let (state, delay): (WorkItemState, Duration) =
            switch recovery.decision {
            case .retry(let delay): (.waiting, delay)
            case .quarantine(let delay): (.quarantined, delay)
            }
        _ = try await query(
            """
            UPDATE sluice.work_items SET
                state = $3, not_before = statement_timestamp() + $4::bigint * interval '1 microsecond',
                lane = coalesce(again_lane, lane), reasons = (running_reasons || reasons)[1:\(WorkQueue.maximumReasons)],
                revision = coalesce(revision, running_revision), running_revision = NULL, running_reasons = '{}',
                fence = NULL, owner = NULL, lease_expires_at = NULL, cancel_reason = NULL,
                again_at = NULL, again_lane = NULL, ended_at = statement_timestamp()
            WHERE kind = $1 AND name = $2
            """, [recovery.key.kind, recovery.key.name, state.rawValue, delay.microseconds])
        guard state == .quarantined else {
            _ = try await query(
                "SELECT pg_notify($1, lane) FROM sluice.work_items WHERE kind = $2 AND name = $3",
                [WorkQueue.wakeChannel, recovery.key.kind, recovery.key.name])
            return
        }
        let message =
            "the controller died \(starts) times while it worked on this object; it is left alone for"
            + " \(ConfigurationDuration.format(delay)), or until its input changes"
        try await write(
            StatusReport(
                [
                    .init(.ready, .false, reason: "CrashLoop", message: message),
                    .init(.reconciling, .false, reason: "CrashLoop", message: message),
                    .init(.stalled, .true, reason: "CrashLoop", message: message),
                ], waiting: .on("the end of its quarantine, a new revision, a changed spec, or a person who asks again")
            ), to: recovery.key)
        try await append([NewEvent(.warning, reason: "CrashLoop", message: message)], to: recovery.key)
    }
}
