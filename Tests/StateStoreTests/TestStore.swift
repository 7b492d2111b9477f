import DesiredState
import PostgresClient
import StateStore
import TestSupport
import Testing

/// The key of a candidate of a registry.
func candidate(_ id: String, of registry: String = "land") -> ResourceKey {
    ResourceKey(kind: "Candidate", components: [registry, id])
}

extension StateStore {
    /// Takes the next candidate.
    func claim(
        _ lane: Lane = .deploy, worker: String = "one", tenantLimit: Int = .max, leaseFor: Duration = .seconds(600)
    ) async throws -> Lease? {
        try await queue.claim(
            lane: lane, kinds: ["Candidate"], worker: worker, tenantLimit: tenantLimit, leaseFor: leaseFor)
    }

    /// Enqueues a candidate and takes it.
    func lease(
        on key: ResourceKey = candidate("1"), worker: String = "one", superseding: String? = nil
    ) async throws -> Lease {
        try await queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: "test", superseding: superseding))
        return try #require(await claim(worker: worker))
    }

    /// Has the worker of a lease die, and the lease taken over.
    @discardableResult
    func bury(_ lease: Lease, policy: QuarantinePolicy = QuarantinePolicy()) async throws -> [Recovery] {
        try await queue.expireLeases(heldBy: lease.worker)
        return try await queue.recoverExpired(policy: policy) { 0 }
    }
}
