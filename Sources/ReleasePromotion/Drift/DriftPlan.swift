import DesiredState
import GitClient
import Reconciliation

/// Decides what is done about the branches of a control repository. Pure.
enum DriftPlan {
    static func decide(_ seen: WatchedBranches) -> Plan<DriftAction> {
        let decision = DriftDecision(seen.observation, policy: seen.policy, at: seen.time)
        let wanted = decision.actions.compactMap { action(for: $0, seen) }
        let names = Set(wanted.map(\.branchName.description))
        let leftOver = seen.requests.filter { !names.contains($0.name.description) }
        // What was answered and is not there any more, somebody closed or merged.
        let open = wanted.filter { seen.answered[$0.branchName.about] != $0.branchName.description }
        // What somebody added to one of these branches is theirs.
        return Plan(
            leftOver.filter(\.isOurs).map { .withdraw($0.name, head: $0.head) } + open,
            then: result(decision.matrix, leftOver.filter { !$0.isOurs }.map(\.name.description), seen))
    }

    private static func action(for decided: DriftDecision.Action, _ seen: WatchedBranches) -> DriftAction? {
        switch decided {
        case .takeBack(let branch, let paths):
            guard let head = seen.heads[branch], let stage = seen.stages.first, let at = seen.heads[stage],
                let change = seen.takeBacks[branch], !change.isThere
            else { return nil }
            return .takeBack(branch: branch, head: head, into: stage, at: at, paths: paths, change: change.change)
        case .sync(let upstream, let branch):
            return seen.heads[upstream].map { .sync(branch: branch, upstream: upstream, head: $0) }
        }
    }

    private static func result(
        _ matrix: DriftMatrix, _ foreign: [String], _ seen: WatchedBranches
    ) -> ReconcileResult {
        let (drifted, unchecked) = (matrix.driftedBranches, matrix.uncheckedBranches)
        let (standing, reason) =
            if !drifted.isEmpty {
                ("drift on \(list(drifted))", "Drifted")
            } else if !unchecked.isEmpty {
                ("no drift was found", "NotChecked")
            } else {
                ("no branch has drifted", "Succeeded")
            }
        let more = [
            unchecked.isEmpty ? nil : "not everything could be looked at on \(list(unchecked))",
            foreign.isEmpty ? nil : "left alone, for it holds somebody's commits: \(list(foreign))",
        ]
        return .ready(
            ([standing] + more.compactMap(\.self)).joined(separator: "; "), reason: reason,
            lookAgain: seen.policy.interval)
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(10).joined(separator: ", ") + (names.count > 10 ? " and \(names.count - 10) more" : "")
    }
}
