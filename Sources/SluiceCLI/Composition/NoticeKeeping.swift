import Reconciliation
import StateStore

/// Forgets notices that were settled long ago, and gives up what waits for too long.
enum NoticeKeeping {
    static func sweep(_ store: StateStore) -> PeriodicSweep {
        PeriodicSweep("notices", every: .seconds(3600)) { _, _ in
            var total = 0
            for _ in 0..<20 {
                let touched = try await store.notices.purge(limit: 5_000)
                total += touched
                if touched < 5_000 { break }
            }
            return .ready("\(total) notices were forgotten or given up")
        }
    }
}
