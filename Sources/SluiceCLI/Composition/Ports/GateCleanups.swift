import CandidateDatabases
import ControlAPI
import DesiredState
import Diagnostics
import Reconciliation
import StateStore

/// Cleanups as keys of the work queue, so that they are recorded and outlive a restart like everything else.
struct GateCleanups: RegistryCleanups {
    let engine: Engine
    let keeper: DesiredStateKeeper
    let store: StateStore

    func preview(_ registry: String) async throws -> PlanPreview {
        let plan = try await engine.preview(CleanupReconciler.key(registry))
        let names = try await keeper.state().registries.keys
        // What there is on a server that is left out nobody knows.
        guard !plan.tasks.isEmpty || plan.result.standing != .removed || names.contains(registry) else {
            throw SluiceError(
                "registry.unknown", .stalled, "there is no registry of that name, nor anything that was made for it",
                hint: Suggestion.nearest(to: registry, in: names).map { "did you mean \($0)?" })
        }
        return plan
    }

    func cleanUp(_ registry: String, agreedTo steps: Int) async throws -> (kind: String, pass: Int64) {
        let plan = try await preview(registry)
        guard plan.tasks.count <= steps else {
            throw SluiceError(
                "cleanup.outdated", .conflict,
                "there is more to take down by now: \(plan.tasks.count) steps instead of \(steps)",
                hint: "look at it again")
        }
        let ticket = try await store.queue.enqueue(
            EnqueueRequest(plan.key, lane: .deploy, reason: GateReason.requested, priority: 10, liftsQuarantine: true))
        return (plan.key.kind, ticket.pass)
    }
}
