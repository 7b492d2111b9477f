import DesiredState
import Diagnostics
import Forges

/// What is said of a candidate of the config repository: whether it would come into force, and what would change. Pure.
enum ConfigurationVerdict {
    /// +1 when the merge would come into force as it is, -1 when it would be refused or held back.
    static func report(
        on proposal: ConfigurationObservation.Proposal, _ content: ConfigurationObservation.Content,
        _ seen: ConfigurationObservation, _ policy: ConfigurationPolicy
    ) -> (VerdictReport, ConfigurationDelta?) {
        func report(_ verdict: Verdict, _ summary: String, _ lines: [String]) -> VerdictReport {
            VerdictReport(
                candidate: proposal.id, revision: proposal.revision, verdict: verdict, summary: summary,
                body: lines.joined(separator: "\n"))
        }
        switch content {
        case .failure(let refusal):
            let count = refusal.lines.count
            let summary = count == 1 ? refusal.lines.first : nil
            return (report(.failed, summary ?? "\(count) mistakes in desired state", refusal.lines), nil)
        case .success(let state):
            let delta = ConfigurationDelta(from: seen.inForce, to: state.resources)
            if let surplus = seen.surplus(delta, policy, confirmed: 0) {
                let advice =
                    "Once merged, it is held back until somebody says: "
                    + "sluice reconcile configuration/desired-state --confirm-deletions \(delta.pruned.count)"
                return (report(.failed, surplus, [advice, ""] + delta.lines), delta)
            }
            let warnings = state.warnings.map(\.description)
            return (
                report(.success, "desired state: \(delta.summary)", delta.lines + warnings), delta
            )
        }
    }
}
