import DesiredState
import GitClient
import Reconciliation

extension ReleasePlan {
    /// Gives a release up: what is short-lived goes, and the source branch with it. Only while no branch has the release.
    static func cancel(_ seen: ReleaseObservation) -> Plan<ReleaseAction> {
        let merged = seen.rollback.branches.filter { if case .open = $0.value { true } else { false } }.keys.sorted()
        guard merged.isEmpty else { return held(.stillMerged(merged), seen) }
        var actions = tidying(seen)
        var left = ""
        // Once only, and what was seen before the release was cancelled: a branch of the same name that comes later is
        // somebody else's, and so is a commit that nobody has rehearsed.
        if let source = seen.source, !seen.isSourceDeleted {
            if seen.isSourceShared {
                left = "; \(seen.spec.source) is left, which another release names too"
            } else if source.commit == seen.knownSource {
                actions.append(.deleteSource(branch: seen.spec.source, at: source.commit))
            } else {
                left = "; \(seen.spec.source) is left, which has moved since it was looked at"
            }
        }
        return Plan(actions, then: .ready("cancelled: its branches are deleted\(left)", reason: "Cancelled"))
    }
}
