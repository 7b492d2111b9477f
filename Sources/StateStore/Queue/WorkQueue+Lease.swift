public import DesiredState
import PostgresClient

extension WorkQueue {
    /// Says that the worker is alive, and learns whether it may go on. A lease that has run out but that nobody has
    /// taken over is extended all the same.
    public func heartbeat(_ lease: Lease, leaseFor duration: Duration) async throws -> LeaseState {
        let rows = try await pool.query(
            """
            UPDATE sluice.work_items
            SET lease_expires_at = statement_timestamp() + $4::bigint * interval '1 microsecond'
            WHERE kind = $1 AND name = $2 AND fence = $3::bigint AND owner = $5
            RETURNING cancel_reason
            """, [lease.key.kind, lease.key.name, lease.fence, duration.microseconds, lease.worker])
        guard let row = rows.first else { return .lost }
        return try row.optionalString("cancel_reason").map { .cancelRequested(reason: $0) } ?? .held
    }

    /// Says which revision the work is about, so that a newer one can cancel it.
    ///
    /// Throws ``StateStoreError/superseded(_:by:)`` when another revision was announced since the lease began, and
    /// ``StateStoreError/leaseLost(_:)``.
    public func declare(revision: String, under lease: Lease) async throws {
        try await pool.transaction { connection in
            try await connection.declare(revision: revision, under: lease)
        }
    }

    /// Asks for work under way to stop. The worker hears of it by notification, or else with its next heartbeat.
    ///
    /// - Returns: Whether the key is running.
    @discardableResult
    public func requestCancel(_ key: ResourceKey, reason: String) async throws -> Bool {
        let rows = try await pool.query(
            """
            WITH stopped AS (
                UPDATE sluice.work_items SET cancel_reason = coalesce(cancel_reason, $3)
                WHERE kind = $1 AND name = $2 AND state = 'running' RETURNING fence)
            SELECT fence, pg_notify('\(Self.cancelChannel)', fence::text) AS cancelled FROM stopped
            """, [key.kind, key.name, Storable.text(reason)])
        return !rows.isEmpty
    }
}

extension PostgresConnection {
    /// Makes sure, to the end of the transaction, that the lease stands. Throws when it was taken over.
    ///
    /// The worker counts beside the fence: a failover that loses the newest transactions gives numbers out again.
    func hold(_ lease: Lease) async throws {
        let rows = try await query(
            """
            SELECT fence FROM sluice.work_items
            WHERE kind = $1 AND name = $2 AND fence = $3::bigint AND owner = $4 FOR UPDATE
            """, [lease.key.kind, lease.key.name, lease.fence, lease.worker])
        if rows.isEmpty { throw StateStoreError.leaseLost(lease.key) }
    }

    /// Within a transaction: ``hold(_:)`` and the revision, see ``WorkQueue/declare(revision:under:)``.
    func declare(revision: String, under lease: Lease) async throws {
        let rows = try await query(
            """
            UPDATE sluice.work_items SET running_revision = $4
            WHERE kind = $1 AND name = $2 AND fence = $3::bigint AND owner = $5 RETURNING revision
            """, [lease.key.kind, lease.key.name, lease.fence, revision, lease.worker])
        guard let row = rows.first else { throw StateStoreError.leaseLost(lease.key) }
        if let announced = try row.optionalString("revision"), announced != revision {
            throw StateStoreError.superseded(lease.key, by: announced)
        }
    }
}
