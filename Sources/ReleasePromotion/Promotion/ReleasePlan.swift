import DesiredState
import Foundation
import GitClient
public import Reconciliation

/// Decides what a release needs next. Reads nothing and does nothing: give it what was observed, it returns what to do.
///
/// A plan is about one step: a stage, the zones of one batch, or one wave of taking back. The next pass looks again and
/// decides anew, so that every step is rehearsed, approved and inside the window when it begins.
public enum ReleasePlan {
    /// Decides.
    public static func decide(_ seen: ReleaseObservation) -> Plan<ReleaseAction> {
        var plan =
            switch seen.spec.target {
            case .draft, .stage, .batch, .complete: forward(seen)
            case .rolledBack: rollback(seen)
            case .cancelled: cancel(seen)
            }
        if plan.isMerging, !seen.makesMergeCommits { plan = held(.noMergeCommits, seen) }
        if let verification = verification(seen) { plan.actions.insert(verification, at: 0) }
        if plan.result.standing == .ready, reasonsOfRest.contains(plan.result.reason) { plan.result.lookAgain = rest }
        return plan
    }

    /// Why releases are ready that nothing is left to do for. What becomes of their branches later, the watch for drift says;
    /// they themselves are looked at once in a while, and when somebody asks something of them.
    public static let reasonsOfRest: Set<String> = ["Released", "RolledBack", "Cancelled"]
    private static let rest = Duration.seconds(86_400)

    /// What the checks found, while nobody has been told.
    private static func verification(_ seen: ReleaseObservation) -> ReleaseAction? {
        guard let verdict = seen.verdict, let source = seen.source,
            seen.verified != verdict.mark(on: source.commit)
        else { return nil }
        return .verify(commit: source.commit, isAccepted: verdict.isAccepted, summary: verdict.summary)
    }

    /// A plan that does nothing but tidy up, and stands as an obstacle has it.
    static func held(_ obstacle: ReleaseObstacle, _ seen: ReleaseObservation) -> Plan<ReleaseAction> {
        if case .windowNotOpen(let window) = obstacle {
            let left = Duration.seconds(max(window.opens.timeIntervalSince(seen.now), 1))
            return Plan(
                tidying(seen),
                then: .waiting(
                    on: "its window to open at \(window.local(window.opens)) \(window.timeZone)",
                    reason: "WindowNotOpen", lookAgain: left))
        }
        return Plan(tidying(seen), then: obstacle.result)
    }

    /// Everything is merged, and on some of these branches it is not deployed.
    static func underWay(_ branches: [String], _ seen: ReleaseObservation) -> Plan<ReleaseAction> {
        let open = branches.filter { !seen.isDeployed($0) }.sorted()
        let late = open.compactMap { branch in seen.arrivals[branch]?.delay.map { (branch, $0) } }
        if !late.isEmpty { return held(.notArrived(Dictionary(late) { first, _ in first }), seen) }
        let due = open.compactMap { seen.arrivals[$0]?.due }.max().map { ", by \($0.formatted(.iso8601))" } ?? ""
        let more = open.count > 8 ? " and \(open.count - 8) more" : ""
        return Plan(
            tidying(seen),
            then: .waiting(
                on: "what was merged to be deployed on \(open.prefix(8).joined(separator: ", "))\(more)\(due)",
                reason: "NotArrivedYet", lookAgain: .seconds(30)))
    }

    /// What a pass that was cut off has left behind: short-lived branches that nothing needs any more.
    static func tidying(
        _ seen: ReleaseObservation, keeping merges: [BranchMerge] = []
    ) -> [ReleaseAction] {
        let needed = Set(
            merges.compactMap { try? seen.release.shortLived($0.kind, into: $0.target).branchName })
        return withdrawing(seen.shortLived.filter { !needed.contains($0.key) })
    }

    /// Has short-lived branches go, in the order of their names.
    static func withdrawing(_ branches: [String: ObjectID]) -> [ReleaseAction] {
        branches.sorted { $0.key < $1.key }.map { .withdraw(branch: $0.key, at: $0.value) }
    }

    /// There is more to do after the plan: the next pass begins at once.
    static let goingOn = ReconcileResult(
        .unfinished, reason: "Releasing", message: "the next step follows", lookAgain: .zero)
}

extension Plan<ReleaseAction> {
    /// What is merged.
    var merges: [BranchMerge] { actions.compactMap { if case .merge(let merge) = $0 { merge } else { nil } } }

    /// Whether anything is merged.
    var isMerging: Bool { !merges.isEmpty }

    /// What was begun with it. What failed may have been merged all the same: an answer can be lost.
    func begun(_ report: RunReport) -> [BegunMerge] {
        zip(actions, report.outcomes).compactMap { action, outcome in
            guard case .merge(let merge) = action else { return nil }
            let isDone = if case .done = outcome { true } else { false }
            return BegunMerge(merge, isDone: isDone)
        }
    }
}
