import ChangelogLint
public import DesiredState
import Forges
import GitClient
public import Reconciliation
public import StateStore

/// What one pass over a candidate saw, with what it needs to act.
public enum CandidateSight: Sendable {
    /// The registry is not desired any more; its candidates are left alone until a cleanup is asked for.
    case orphaned
    /// The registry is suspended: nothing is done.
    case suspended(Suspension)
    /// The candidate is open.
    case open(OpenCandidate)
    /// The candidate is open and no database can be made of it, whatever its content.
    case refused(RefusedCandidate)
    /// The candidate is not open.
    case gone(GoneCandidate)
}

/// An open candidate that is wrong before its content is looked at.
public struct RefusedCandidate: Sendable {
    let registry: GateRegistry
    let candidate: Candidate
    let project: ProjectRef
    let failure: DeployFailure
    /// Whether exactly this is what its verdict says already.
    let isReported: Bool
    let before: CandidateStatus?

    var report: VerdictReport {
        let text = VerdictText(refusing: candidate.revision, because: failure)
        return VerdictReport(
            candidate: candidate.id, revision: candidate.revision, verdict: text.verdict, summary: text.summary,
            body: text.body)
    }
}

/// An open candidate with the registry that it belongs to.
public struct OpenCandidate: Sendable {
    let registry: GateRegistry
    let repository: WatchedRepository
    let candidate: Candidate
    let project: ProjectRef
    let seen: CandidateObservation
    let circumstances: String
    /// The target branch's head, when a migration program is asked about a merge with it.
    let mergeTarget: ObjectID?
    /// What lint finds in a merge with the target branch only.
    let mergeFindings: [LintFinding]
    let baseKey: ContentKey
    let before: CandidateStatus?
    /// Whether it is decided on which server its databases are.
    let hasPlace: Bool
    /// Why the servers take no new candidate, where it is not.
    let refusals: [String]
}

/// A candidate that is merged, closed or not to be seen.
public struct GoneCandidate: Sendable {
    let registry: GateRegistry
    let id: String
    /// What the forge said.
    let state: CandidateState
    /// Whether the sweep asked for its removal.
    let isMarked: Bool
    /// Its databases, with the registry on the servers where they are.
    let databases: [String: [GateRegistry]]
    /// The registry on each server that was looked at.
    let places: [GateRegistry]
    let before: CandidateStatus?
}

extension CandidateStep: PlannedAction {
    /// The step as it is recorded.
    public var task: PlannedTask {
        PlannedTask(
            action.name, target: action.object ?? "revision",
            details: applies == .always ? [:] : ["applies": .string(applies.rawValue)])
    }
}
