import DesiredState
import GitClient
import Reconciliation

extension ReleasePlan {
    /// Gives a release up: what is short-lived goes, and the source branch with it. Only while no branch has the release.
    static func cancel(_ seen: ReleaseObservation) -> Plan<ReleaseAction> {
        let merged = seen.rollback.branches.filter { if case .open = $0.value { true } else { false } }.keys.sorted()
        guard merged.isEmpty else { return held(.stillMerged(merged), seen) }
        var actions = tidying(seen)
        // Once only: a branch of the same name that comes later is somebody else's.
        if let source = seen.source, !seen.isSourceDeleted {
            actions.append(.deleteSource(branch: seen.spec.source, at: source.commit))
        }
        return Plan(actions, then: .ready("cancelled: its branches are deleted", reason: "Cancelled"))
    }
}
