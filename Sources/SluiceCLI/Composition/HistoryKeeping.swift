import Reconciliation
import StateStore

/// Forgets what is old of the history, where the operator says how long it is kept.
enum HistoryKeeping {
    /// A round every hour. Runs go in portions, so that nobody waits for it.
    static func sweep(_ store: StateStore, _ policy: RetentionPolicy) -> PeriodicSweep {
        PeriodicSweep("history", every: .seconds(3600)) { _, _ in
            var count = 0
            while case let runs = try await store.history.forget(policy), runs > 0 { count += runs }
            return .ready("\(count) old runs were forgotten")
        }
    }
}
