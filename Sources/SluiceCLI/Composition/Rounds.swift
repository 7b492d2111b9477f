import DesiredState
import Reconciliation
import ReleasePromotion
import StateStore

/// Makes sure that everything that is reconciled is looked at again at its interval, whatever its last pass ended with.
///
/// A pass that went well names its next time itself. One that failed for a lasting reason, such as a missing reference
/// database, names none, and no event will tell when the reason is gone: such objects are found here.
enum Rounds {
    private static let interval = Duration.seconds(15)
    /// A release has no interval of its own: its window may open, and others may be merged. One that is over has named its
    /// next time itself, a day later.
    private static let ofReleases = Duration.seconds(300)

    static func sweep(_ keeper: DesiredStateKeeper, _ store: StateStore) -> PeriodicSweep {
        PeriodicSweep("rounds", every: interval) { _, _ in
            let objects = try await keeper.state().reconciled
            try await store.queue.enqueue(
                objects.map { key, interval in
                    EnqueueRequest(key, lane: .observe, reason: EnqueueRequest.timer, delay: interval ?? ofReleases)
                }, onlyIdle: true)
            return .ready("\(objects.count) objects have their next round")
        }
    }
}
