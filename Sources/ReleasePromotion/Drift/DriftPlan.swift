import DesiredState
import GitClient
import Reconciliation

/// Decides what is done about the branches of a control repository. Pure.
enum DriftPlan {
    static func decide(_ seen: WatchedBranches) -> Plan<DriftAction> {
        let decision = DriftDecision(seen.observation, policy: seen.policy, at: seen.time)
        let wanted = decision.actions.compactMap { action(for: $0, seen) }
        let names = Set(wanted.map(\.branchName.description))
        let leftOver = seen.heads.sorted { $0.key < $1.key }.compactMap { branch, head -> DriftAction? in
            guard let name = DriftBranchName(branch),
                seen.observation.branches.contains(where: { $0.name == name.about }),
                !names.contains(branch)
            else { return nil }
            return .withdraw(name, head: head)
        }
        // What was answered and is not there any more, somebody closed or merged.
        let open = wanted.filter { seen.answered[$0.branchName.about] != $0.branchName.description }
        return Plan(leftOver + open, then: result(decision.matrix, seen))
    }

    private static func action(for decided: DriftDecision.Action, _ seen: WatchedBranches) -> DriftAction? {
        switch decided {
        case .takeBack(let branch, let paths):
            guard let head = seen.heads[branch], let stage = seen.stages.first, let at = seen.heads[stage] else {
                return nil
            }
            return .takeBack(branch: branch, head: head, into: stage, at: at, paths: paths)
        case .sync(let upstream, let branch):
            return seen.heads[upstream].map { .sync(branch: branch, upstream: upstream, head: $0) }
        }
    }

    private static func result(_ matrix: DriftMatrix, _ seen: WatchedBranches) -> ReconcileResult {
        let drifted = matrix.driftedBranches
        guard !drifted.isEmpty else {
            return .ready("no branch has drifted", lookAgain: seen.policy.interval)
        }
        let more = drifted.count > 10 ? " and \(drifted.count - 10) more" : ""
        return .ready(
            "drift on \(drifted.prefix(10).joined(separator: ", "))\(more)", reason: "Drifted",
            lookAgain: seen.policy.interval)
    }
}
