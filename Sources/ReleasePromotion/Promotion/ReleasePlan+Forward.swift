import DesiredState
import Foundation
import GitClient
import Reconciliation

extension ReleasePlan {
    /// The next step that is asked for and not there yet.
    static func forward(_ seen: ReleaseObservation) -> Plan<ReleaseAction> {
        guard let wanted = seen.wantedSteps else { return held(.beyondTarget(.batch(0)), seen) }
        let steps = seen.walk.steps
        if let beyond = steps.dropFirst(wanted).first(where: { $0.branches.contains { seen.walk.merges[$0] != nil } }) {
            return held(.beyondTarget(beyond.id), seen)
        }
        if !seen.strangers.isEmpty { return held(.nameUsed(seen.strangers), seen) }
        if wanted > 0, let obstacle = lossObstacle(seen) { return held(obstacle, seen) }
        // What a branch got is not what was shown: nothing is built on it until somebody has looked.
        if seen.failures.keys.contains(where: seen.has) { return held(.mergesFailed(seen.failures), seen) }
        let isThrough = { (branch: String) in seen.has(branch) && seen.isDeployed(branch) }
        guard let place = steps.prefix(wanted).firstIndex(where: { !$0.branches.allSatisfy(isThrough) }) else {
            if !seen.altered.isEmpty { return held(.altered(seen.altered.keys.sorted()), seen) }
            return Plan(tidying(seen), then: arrived(seen, wanted))
        }
        let next = steps[place]
        // The branches of a step are merged whatever is deployed on the others; the next step is for what works on these.
        if next.branches.allSatisfy(seen.has) {
            return seen.altered.isEmpty
                ? underWay(next.branches, seen) : held(.altered(seen.altered.keys.sorted()), seen)
        }
        let open = next.branches.filter { !seen.has($0) && seen.failures[$0] == nil }
        if !seen.failures.isEmpty, open.isEmpty { return held(.mergesFailed(seen.failures), seen) }
        if let obstacle = obstacle(before: next.branches, of: place, seen) {
            return held(obstacle, seen)
        }
        let merges = open.compactMap { branch in
            seen.rehearsal?[branch]?.trial.flatMap { trial in
                trial.result.map {
                    BranchMerge(.promo, into: branch, at: trial.head, commit: trial.source, result: $0)
                }
            }
        }
        return Plan(
            tidying(seen, keeping: merges) + merges.map { .merge($0) }, revision: seen.origin?.commit.hex, then: goingOn
        )
    }

    /// What keeps a step from being begun or finished; nil when nothing does.
    /// - Parameter place: The place of the step in the walk, from 0.
    private static func obstacle(
        before branches: [String], of place: Int, _ seen: ReleaseObservation
    ) -> ReleaseObstacle? {
        guard ReleaseRules.mayOperate(seen.spec.requestedBy, seen.spec) else {
            return .notAnOperator(seen.spec.requestedBy)
        }
        guard let origin = seen.origin else { return .sourceMissing(seen.spec.source) }
        if !seen.altered.isEmpty { return .altered(seen.altered.keys.sorted()) }
        if let promoted = seen.promoted, let source = seen.source, promoted.commit != source.commit {
            return .sourceMoved(merged: promoted.commit, now: source.commit)
        }
        let given = ReleaseRules.approvers(of: origin.tree, seen.spec, seen.rules.approvals).count
        let required = ReleaseRules.approvalsRequired(for: place + 1, seen.rules)
        if given < required { return .notApproved(given: given, required: required, tree: origin.tree) }
        // Before anything is merged the whole walk must be sound; later, what is ahead is only shown.
        let ahead = seen.promoted == nil ? seen.walk.steps.flatMap(\.branches) : []
        if let obstacle = rehearsalObstacle(branches, ahead: ahead, isFirst: place == 0, seen) { return obstacle }
        if let refused = seen.verdict?.refusals(on: branches + ahead), !refused.isEmpty {
            return .checksFailed(refused)
        }
        if let obstacle = ReleaseRules.leadObstacle(seen) { return obstacle }
        let isRunning = branches.contains { seen.walk.merges[$0] != nil }
        return ReleaseRules.windowObstacle(
            seen.spec, seen.rules.windows, seen.rules.approvals, isRunning: isRunning, at: seen.now)
    }

    /// What the rehearsal says against merging into branches.
    /// - Parameter ahead: Branches whose turn comes later. What rides along there may have gone ahead by then.
    private static func rehearsalObstacle(
        _ branches: [String], ahead: [String], isFirst: Bool, _ seen: ReleaseObservation
    ) -> ReleaseObstacle? {
        let missing = Set(branches + ahead).filter { seen.walk.heads[$0] == nil }.sorted()
        if !missing.isEmpty { return .branchesMissing(missing) }
        guard let rehearsal = seen.rehearsal else { return .sourceMissing(seen.spec.source) }
        if isFirst, let first = seen.walk.stages.first.flatMap({ rehearsal[$0]?.trial }),
            first.verdict.isEmpty(hasChanges: !first.changes.isEmpty)
        {
            return .nothingToRelease
        }
        let wrong = rehearsal.branches.compactMap { found -> ReleaseObstacle.BranchVerdict? in
            guard let trial = found.trial, !trial.verdict.isGo,
                branches.contains(found.branch) || ahead.contains(found.branch) && trial.verdict != .stowaway,
                !ReleaseRules.accepts(trial, on: found.branch, seen.spec, seen.rules.approvals)
            else { return nil }
            return .init(
                branch: found.branch, verdict: trial.verdict,
                places: trial.conflicts.map(\.path) + trial.passengers.map(\.release))
        }
        if !wrong.isEmpty { return .verdicts(wrong) }
        let untried = branches.filter { rehearsal[$0]?.trial == nil }
        return untried.isEmpty ? nil : .notCarriedOn(untried)
    }

    /// What says that a release is not where it was merged.
    private static func lossObstacle(_ seen: ReleaseObservation) -> ReleaseObstacle? {
        if seen.rollback.hasBegun { return .wasRolledBack }
        let steps = seen.walk.steps
        let last = steps.lastIndex { $0.branches.contains { seen.walk.merges[$0] != nil } } ?? 0
        let lost = zip(steps, seen.walk.stages).prefix(last).map(\.1).filter { !seen.has($0) }
        if !lost.isEmpty { return .setBack(lost) }
        return seen.rollback.undone.isEmpty ? nil : .undone(seen.rollback.undone)
    }

    /// The release is where it should be.
    private static func arrived(_ seen: ReleaseObservation, _ wanted: Int) -> ReconcileResult {
        if wanted == 0 { return .ready("a draft: nothing is merged", reason: "Draft") }
        let steps = seen.walk.steps
        let count = steps.prefix(wanted).flatMap(\.branches).count
        return wanted == steps.count
            ? .ready("released to all \(count) branches", reason: "Released")
            : .ready(
                "released up to \(seen.spec.target), \(count) of \(steps.flatMap(\.branches).count) branches",
                reason: "AtTarget")
    }
}
