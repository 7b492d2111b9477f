public import DesiredState
import Foundation
public import GitClient

/// Who may do what, and when. Pure; asked both when a person asks for something and again before every step.
public enum ReleaseRules {
    /// The people who approved a tree and may, each once.
    public static func approvers(of tree: ObjectID, _ spec: ReleaseSpec, _ rules: ApprovalRules) -> [String] {
        var seen: Set<String> = []
        return spec.approvals.filter { approval in
            approval.tree == tree.hex && mayApprove(approval.by, spec, rules)
                && seen.insert(approval.by.lowercased()).inserted
        }.map(\.by)
    }

    /// How many people must approve before a walk goes on to its first `steps` steps.
    static func approvalsRequired(for steps: Int, _ rules: ControlRepositorySpec) -> Int {
        let free = rules.approvals.from.flatMap { rules.stages.firstIndex(of: $0) } ?? 0
        return steps > free ? rules.approvals.required : 0
    }

    /// Whether somebody's approval counts.
    public static func mayApprove(_ person: String, _ spec: ReleaseSpec, _ rules: ApprovalRules) -> Bool {
        !spec.isApplicant(person) && rules.isApprover(person) ?? true
    }

    /// Whether somebody may release and roll back.
    public static func mayOperate(_ person: String?, _ spec: ReleaseSpec) -> Bool {
        spec.isOperator(person)
    }

    /// Whether a result that is not the release alone was accepted by somebody who may.
    static func accepts(
        _ trial: BranchRehearsal.Trial, on branch: String, _ spec: ReleaseSpec, _ rules: ApprovalRules
    ) -> Bool {
        guard trial.verdict.isAcceptable, let result = trial.result else { return false }
        return spec.accepted.contains {
            $0.branch == branch && $0.tree == result.hex && mayApprove($0.by, spec, rules)
        }
    }

    /// How long after its window closed a batch that was running may still be finished.
    static let finishing: TimeInterval = 3600

    /// What the window says against going on at a time; nil when nothing.
    /// - Parameter isRunning: Whether some branch of the step is merged and others are not.
    static func windowObstacle(
        _ spec: ReleaseSpec, _ rules: WindowRules, _ approvals: ApprovalRules, isRunning: Bool, at now: Date
    ) -> ReleaseObstacle? {
        guard let window = spec.window, !window.contains(now), !isEmergency(spec, approvals) else { return nil }
        if now < window.opens { return .windowNotOpen(window) }
        let isFinishing = isRunning && rules.closing == .finishBatch && now < window.closes + finishing
        return isFinishing ? nil : .windowClosed(window)
    }

    /// What there is against a window that was asked for too late; nil when nothing. The desk asks the same on submission: what
    /// is kept a little later is not late for it.
    static func leadObstacle(_ seen: ReleaseObservation) -> ReleaseObstacle? {
        let lead = seen.rules.windows.minimumLead
        // Once something is merged, it is the window alone that counts.
        guard let window = seen.spec.window, let since = seen.windowSince, lead > .zero, seen.promoted == nil,
            window.opens < since + lead / .seconds(1) - 60, !isEmergency(seen.spec, seen.rules.approvals)
        else { return nil }
        return .leadTooShort(window, lead: lead)
    }

    /// Whether somebody may say that a release cannot wait.
    static func mayConfirm(_ person: String, _ spec: ReleaseSpec, _ rules: ApprovalRules) -> Bool {
        mayOperate(person, spec) || mayApprove(person, spec, rules)
    }

    /// Whether two different people say that it cannot wait: an operator, whose asking is held to that elsewhere, and one
    /// who may confirm it.
    static func isEmergency(_ spec: ReleaseSpec, _ rules: ApprovalRules) -> Bool {
        guard let emergency = spec.emergency, let asked = spec.requestedBy else { return false }
        return !emergency.confirmedBy.isSamePerson(as: asked) && mayConfirm(emergency.confirmedBy, spec, rules)
    }
}
