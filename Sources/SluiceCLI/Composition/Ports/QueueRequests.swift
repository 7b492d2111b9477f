import CandidateDatabases
import ConfigRepository
import ControlAPI
import DesiredState
import Diagnostics
import StateStore

/// Wishes that something be looked at, as entries of the work queue.
struct QueueRequests: ReconcileRequests {
    let keeper: DesiredStateKeeper
    let store: StateStore

    func reconcile(_ key: ResourceKey, confirming confirmation: ReconcileConfirmation) async throws -> Int64 {
        guard Self.reconciledKinds.contains(key.kind), key != Configuration.byHand else {
            throw SluiceError(
                "resource.unknown-kind", .stalled, "nothing reconciles objects of the kind \(key.kind)",
                hint: "a registry that refers to it can be reconciled")
        }
        try await leave(confirmation, for: key)
        let ticket = try await store.queue.enqueue(
            EnqueueRequest(
                key, lane: Self.lane(of: key), reason: GateReason.requested, priority: 10, liftsQuarantine: true))
        return ticket.pass
    }

    func isAnswered(_ key: ResourceKey, pass: Int64) async throws -> Bool {
        try await store.queue.isAnswered(WorkTicket(key: key, pass: pass))
    }

    private func leave(_ confirmation: ReconcileConfirmation, for key: ResourceKey) async throws {
        guard confirmation != ReconcileConfirmation() else { return }
        if key == Configuration.key {
            return try await ConfigurationConfirmation(
                deletions: confirmation.deletions ?? 0, revision: confirmation.revision
            ).leave(in: store)
        }
        guard let deletions = confirmation.deletions else { return }
        try await DeletionConfirmation.leave(deletions, for: key.name, in: store)
    }

    /// A key of another kind would wait in the queue for ever.
    private static let reconciledKinds = Set(
        ResourceKind.allCases.filter(\.isReconciled).map(\.rawValue)
            + [GateKey.baseTemplateKind, GateKey.candidateKind, Configuration.kind])

    /// What builds databases is slow, everything else is cheap.
    private static func lane(of key: ResourceKey) -> Lane {
        [GateKey.baseTemplateKind, GateKey.candidateKind].contains(key.kind) ? .deploy : .observe
    }
}
