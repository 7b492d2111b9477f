import DesiredState
import GitClient
import Reconciliation

extension ReleasePlan {
    /// The next wave of taking back: the zones of the last batch that has the release, then the batch before, then the
    /// stages from the last to the first. A wave is carried out where it can be; the next one waits until all of it is.
    static func rollback(_ seen: ReleaseObservation) -> Plan<ReleaseAction> {
        guard ReleaseRules.mayOperate(seen.spec.requestedBy, seen.spec) else {
            return held(.notAnOperator(seen.spec.requestedBy), seen)
        }
        let sight = seen.rollback
        guard !sight.branches.isEmpty else { return held(.nothingToRollBack, seen) }
        for wave in waves(seen) {
            // From a branch that is gone nothing can be taken back, and nothing waits for it.
            let open = wave.filter {
                sight.branches[$0].map { ![.reverted, .empty, .cameBack, .gone].contains($0) } ?? false
            }
            if !open.isEmpty { return takeBack(open, seen) }
        }
        let gone = sight.branches.filter { $0.value == .gone }.keys.sorted()
        let again = sight.branches.filter { $0.value == .cameBack }.keys.sorted()
        if !again.isEmpty { return held(.cameBack(again), seen) }
        if let plan = sync(seen) { return plan }
        if !gone.isEmpty { return held(.notReverted(conflicts: [], gone: gone), seen) }
        if !sight.unclean.isEmpty { return held(.unclean(sight.unclean), seen) }
        // No wave waits for a deploy: the sooner all branches are without it the better.
        let branches = sight.branches.keys.sorted()
        if !branches.allSatisfy(seen.isDeployed) { return underWay(branches, seen) }
        return Plan(
            tidying(seen),
            then: .ready(
                "taken back from \(sight.branches.count) branches; the next release is clean", reason: "RolledBack"))
    }

    /// The branches in the order in which they are taken back. Zones that have the release but are in no batch go first.
    static func waves(_ seen: ReleaseObservation) -> [[String]] {
        let known = Set(seen.walk.steps.flatMap(\.branches))
        let strays = seen.rollback.branches.keys.filter { !known.contains($0) }.sorted()
        return [strays] + seen.walk.batches.reversed() + seen.walk.stages.reversed().map { [$0] }
    }

    private static func takeBack(_ branches: [String], _ seen: ReleaseObservation) -> Plan<ReleaseAction> {
        var merges: [BranchMerge] = []
        var conflicts: [String] = []
        for branch in branches {
            switch seen.rollback.branches[branch] {
            case .open(let trial):
                guard trial.verdict == .clean, let result = trial.result, let revert = seen.rollback.reverts[branch]
                else {
                    conflicts.append(branch)
                    continue
                }
                merges.append(
                    BranchMerge(
                        .revert, into: branch, at: trial.head, commit: revert.commit, result: result,
                        takesBack: revert.merge))
            case .reverted, .empty, .cameBack, .gone, nil: continue
            }
        }
        let actions = tidying(seen, keeping: merges) + merges.map { ReleaseAction.merge($0) }
        // What can be taken back is; the pass after that says what is left.
        if !merges.isEmpty { return Plan(actions, then: goingOn) }
        let newer = seen.rollback.newer.filter { conflicts.contains($0.key) && !$0.value.isEmpty }
        let obstacle: ReleaseObstacle =
            newer.count == conflicts.count
            ? .newerFirst(newer) : .notReverted(conflicts: conflicts, gone: [])
        return Plan(actions, then: obstacle.result)
    }

    /// The next merge that carries the reverts on; nil when all are where they should be.
    private static func sync(_ seen: ReleaseObservation) -> Plan<ReleaseAction>? {
        var merges: [BranchMerge] = []
        for sync in seen.rollback.syncs {
            guard let trial = sync.trial else { continue }
            guard let result = trial.result else { return held(.syncConflicts(sync.branch), seen) }
            guard trial.changes.isEmpty else { return held(.syncCarriesOthers(sync.branch), seen) }
            merges.append(
                BranchMerge(.sync, into: sync.branch, at: trial.head, commit: trial.source, result: result))
        }
        guard !merges.isEmpty else { return nil }
        return Plan(tidying(seen, keeping: merges) + merges.map { .merge($0) }, then: goingOn)
    }
}
