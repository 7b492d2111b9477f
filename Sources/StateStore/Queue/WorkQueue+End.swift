import DesiredState
import Diagnostics
import PostgresClient

extension WorkQueue {
    /// Gives a lease back at the orderly end of a pass, good or bad, with all there is to say.
    ///
    /// Throws ``StateStoreError/leaseLost(_:)`` when the key was taken over; then nothing was written.
    public func end(_ lease: Lease, _ end: PassEnd) async throws {
        try await pool.transaction { connection in
            try await connection.hold(lease)
            // A run that its own end could not be written of, when the store was out of reach for a moment.
            try await connection.closeRuns(under: lease.fence, as: .lost)
            try await connection.write(end.report, to: lease.key)
            try await connection.append(end.events, to: lease.key)
            try await connection.giveBack(lease, end)
            if end.removesResource {
                try await connection.removeResource(lease.key, lookedAt: end.report.observedGeneration)
                try await connection.dropOrders(of: lease.key)
            }
        }
    }
}

extension PostgresConnection {
    /// Answers orders of an object that is gone: another one of its name is not to carry them out. One that is desired again
    /// meanwhile keeps them.
    fileprivate func dropOrders(of key: ResourceKey) async throws {
        _ = try await query(
            """
            UPDATE sluice.orders SET outcome = 'refused', answer = 'it was taken out', answered_at = statement_timestamp()
            WHERE kind = $1 AND name = $2 AND outcome = 'waiting'
                AND NOT EXISTS (SELECT FROM sluice.resources WHERE kind = $1 AND name = $2)
            """, [key.kind, key.name])
    }

    fileprivate func giveBack(_ lease: Lease, _ end: PassEnd) async throws {
        var (delay, lane): (Int64?, String?) = (nil, nil)
        if case .after(let duration, let other) = end.next {
            (delay, lane) = (duration.microseconds, other?.rawValue)
        }
        // LEAST ignores nulls: the earlier of "asked for while it ran" and "asked for by the pass itself".
        _ = try await query(
            """
            WITH ended AS (
                UPDATE sluice.work_items SET
                    state = CASE WHEN again_at IS NULL AND $3::bigint IS NULL THEN 'idle' ELSE 'waiting' END,
                    not_before = coalesce(
                        least(again_at, statement_timestamp() + $3::bigint * interval '1 microsecond'), not_before),
                    lane = coalesce($4, again_lane, lane), starts = 0, failures = $5::int,
                    fence = NULL, owner = NULL, lease_expires_at = NULL, cancel_reason = NULL,
                    revision = coalesce(revision, running_revision), running_revision = NULL, running_reasons = '{}', again_at = NULL, again_lane = NULL,
                    ended_at = statement_timestamp()
                WHERE kind = $1 AND name = $2
                RETURNING lane, state, not_before
            )
            SELECT pg_notify('\(WorkQueue.endChannel)', left($1 || '/' || $2, 1000)) AS ended,
                CASE WHEN state = 'waiting' AND not_before <= statement_timestamp()
                    THEN pg_notify('\(WorkQueue.wakeChannel)', lane) END AS woken
            FROM ended
            """, [lease.key.kind, lease.key.name, delay, lane, end.failures])
    }

    /// Removes an object and its key, unless its spec has changed since it was looked at: then somebody wants it again.
    fileprivate func removeResource(_ key: ResourceKey, lookedAt generation: Int64?) async throws {
        _ = try await query(
            "DELETE FROM sluice.resources WHERE kind = $1 AND name = $2 AND generation <= coalesce($3::bigint, generation)",
            [key.kind, key.name, generation])
        _ = try await query(
            "DELETE FROM sluice.work_items WHERE kind = $1 AND name = $2 AND state = 'idle'", [key.kind, key.name])
    }
}
