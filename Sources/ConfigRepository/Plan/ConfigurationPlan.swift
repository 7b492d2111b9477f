public import DesiredState
import Diagnostics
public import Forges
import GitClient
public import Reconciliation
public import StateStore

/// Decides what comes into force, and what is said to whom. Pure: what was observed in, what to do out.
public enum ConfigurationPlan {
    /// One effect.
    public enum Action: Hashable, PlannedAction {
        /// Bring a revision into force, all of it in one transaction.
        case apply(ConfigurationRevision, ConfigurationDelta, [Resource<ResourceSpec>])
        /// Say on the revision what came of it.
        case reportResult(RevisionResult)
        /// Say on a candidate what would come of it.
        case judge(VerdictReport, ConfigurationDelta?)
    }

    /// Decides.
    public static func decide(_ seen: ConfigurationObservation, _ policy: ConfigurationPolicy) -> Plan<Action> {
        var actions: [Action] = []
        var result: ReconcileResult
        // Candidates are compared with what is in force once this pass is done.
        var after = seen
        switch seen.head {
        case .failure(let error):
            result = held(seen, "SourceUnreadable", error.description, until: "the source can be read again")
        case .success(let head):
            let judgement = judge(head, seen, policy)
            switch judgement {
            case .comesIntoForce(let delta, let resources):
                if head.revision.id != seen.applied || !delta.isEmpty {
                    actions.append(.apply(head.revision, delta, resources))
                }
                after.inForce = seen.inForce(after: delta, resources)
                result = ready(head.revision, resources.count, delta)
            case .held(let reason, let message, let until):
                result = held(seen, reason, message, until: until)
            }
            let outcome = judgement.result(of: head.revision)
            if seen.takesResults, seen.memory.reported != outcome.digest { actions.append(.reportResult(outcome)) }
        }
        switch seen.proposals {
        case .failure(let error):
            if result.standing == .ready {
                result = held(
                    seen, "CandidatesUnreadable", "candidates are not judged: \(error.description)",
                    until: "the candidates can be listed again")
            }
        case .success(let proposals):
            let left = proposals.count { $0.content == nil }
            if left > 0, result.standing == .ready {
                result.message += "; \(left) of \(proposals.count) open candidates are not judged: there are too many"
            }
            for proposal in proposals {
                guard let content = proposal.content else { continue }
                let (report, delta) = ConfigurationVerdict.report(on: proposal, content, after, policy)
                if seen.memory.candidates[proposal.id.rawValue] != ConfigurationMemory.Judged(report) {
                    actions.append(.judge(report, delta))
                }
            }
        }
        return Plan(actions, revision: (try? seen.head.get())?.revision.id, then: result)
    }

    /// Whether a head may come into force.
    enum Judgement {
        case comesIntoForce(ConfigurationDelta, [Resource<ResourceSpec>])
        case held(reason: String, message: String, until: String)
    }

    private static func judge(
        _ head: ConfigurationObservation.Head, _ seen: ConfigurationObservation, _ policy: ConfigurationPolicy
    ) -> Judgement {
        let id = head.revision.id
        if head.isRewritten, policy.rewrittenHistory == .hold, seen.confirmation.revision != id {
            return .held(
                reason: "HistoryRewritten",
                message: "history was rewritten: \(id.shortRevision) does not contain \(seen.appliedName). "
                    + "Confirm with: sluice reconcile configuration/desired-state --confirm-revision \(id)",
                until: "the head is confirmed, or contains the commit in force again")
        }
        switch head.content {
        case .failure(let refusal):
            return .held(
                reason: "Refused", message: refusal.lines.joined(separator: "\n"), until: "a revision without mistakes")
        case .success(let state):
            let delta = ConfigurationDelta(from: seen.inForce, to: state.resources)
            if let surplus = seen.surplus(delta, policy, confirmed: seen.confirmation.deletions) {
                return .held(
                    reason: "DeletionBudgetExceeded",
                    message: "\(surplus). Confirm with: sluice reconcile configuration/desired-state "
                        + "--confirm-deletions \(delta.pruned.count)",
                    until: "the deletions are confirmed, or the resources come back")
            }
            return .comesIntoForce(delta, state.resources)
        }
    }

    private static func ready(
        _ revision: ConfigurationRevision, _ count: Int, _ delta: ConfigurationDelta
    ) -> ReconcileResult {
        let kept =
            delta.kept.isEmpty
            ? "" : "; kept although they have left: \(delta.kept.map(\.description).joined(separator: ", "))"
        return .ready(
            "\(revision.id.shortRevision) is in force: \(count) resource\(count == 1 ? "" : "s")\(kept)",
            reason: "InForce")
    }

    private static func held(
        _ seen: ConfigurationObservation, _ reason: String, _ message: String, until: String
    ) -> ReconcileResult {
        ReconcileResult(
            .stalled(until: until), reason: reason, message: "\(message)\n\(seen.appliedName) stays in force")
    }
}

extension ConfigurationPlan.Judgement {
    fileprivate func result(of revision: ConfigurationRevision) -> RevisionResult {
        switch self {
        case .comesIntoForce:
            // What it changed stands in the record: afterwards nothing differs any more, and the words must stay.
            RevisionResult(revision: revision.id, isInForce: true, summary: "in force")
        case .held(let reason, let message, _):
            RevisionResult(
                revision: revision.id, isInForce: false,
                summary: "\(reason): \(message.words(at: "\n").first.map(String.init) ?? "")")
        }
    }
}

extension RevisionResult {
    /// What is remembered of it once it was reported.
    var digest: String { Digest.of("\(revision) \(isInForce) \(summary)") }
}

extension ConfigurationObservation {
    /// What is in force, for a message.
    var appliedName: String {
        applied.map { "revision \($0.shortRevision)" } ?? (inForce.isEmpty ? "nothing" : "the last good state")
    }

    /// What is in force once a change was made.
    func inForce(after delta: ConfigurationDelta, _ resources: [Resource<ResourceSpec>]) -> [ResourceInForce] {
        let names = Set(resources.map(\.key))
        let pruned = Set(delta.pruned)
        return inForce.filter { !names.contains($0.key) && !pruned.contains($0.key) }
            + resources.map { ResourceInForce($0) }
    }

    /// Why so much may not go; nil when it may.
    func surplus(_ delta: ConfigurationDelta, _ policy: ConfigurationPolicy, confirmed: Int) -> String? {
        let going = delta.pruned
        let managed = inForce.count { $0.manager == .source }
        let allowed = policy.allowedDeletions(of: managed)
        guard going.count > max(allowed, confirmed) else { return nil }
        let names = going.prefix(5).map(\.description).joined(separator: ", ") + (going.count > 5 ? ", …" : "")
        return going.count == managed
            ? "all \(managed) resources in force would go: \(names)"
            : "\(going.count) of \(managed) resources would go, \(allowed) may at a time: \(names)"
    }
}

extension String {
    /// A commit's first digits; other revisions a little longer.
    var shortRevision: String { String(prefix(begins(with: "sha256-") ? 19 : 12)) }
}
