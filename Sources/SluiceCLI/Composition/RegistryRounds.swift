import CandidateDatabases
import DesiredState
import Reconciliation
import StateStore

/// Makes sure that every registry is looked at again at its interval, whatever its last pass ended with.
///
/// A sweep that went well names its next time itself. One that failed for a lasting reason, such as a missing reference
/// database, names none, and no event will tell when the reason is gone: such registries are found here.
enum RegistryRounds {
    private static let interval = Duration.seconds(15)

    static func sweep(_ keeper: DesiredStateKeeper, _ store: StateStore) -> PeriodicSweep {
        PeriodicSweep("registries", every: interval) { _, _ in
            let registries = try await keeper.state().registries.sorted { $0.key < $1.key }
            try await store.queue.enqueue(
                registries.map { name, spec in
                    EnqueueRequest(GateKey.registry(name), lane: .observe, reason: "timer", delay: spec.interval)
                }, onlyIdle: true)
            return .ready("\(registries.count) registries have their next round")
        }
    }
}
