public import DesiredState
public import GitClient
public import Reconciliation
public import StateStore

/// One effect of a release on the code host.
public enum ReleaseAction: Hashable, Sendable {
    /// Merge a commit into a branch, by a short-lived branch and a merge request.
    case merge(BranchMerge)
    /// Close what is open from a short-lived branch, and delete it.
    case withdraw(branch: String, at: ObjectID)
    /// Delete the source branch.
    case deleteSource(branch: String, at: ObjectID)
    /// Say on the source's commit what the checks found.
    case verify(commit: ObjectID, isAccepted: Bool, summary: String)
    /// Do not go on. It is an action so that the history has it: a refusal is a decision like others.
    case refuse(to: ReleaseTarget, because: String)
}

/// A commit that is to be merged into a branch.
public struct BranchMerge: Hashable, Sendable, Codable {
    /// What it is for.
    public var kind: ShortLivedKind
    /// The branch.
    public var target: String
    /// Where the branch stands, as it was rehearsed.
    public var head: ObjectID
    /// The commit.
    public var commit: ObjectID
    /// The tree that the merge was rehearsed to give.
    public var result: ObjectID
    /// The merge that the commit takes back, when it is a revert that may have to be made.
    public var takesBack: ObjectID?

    /// Makes a merge.
    public init(
        _ kind: ShortLivedKind, into target: String, at head: ObjectID, commit: ObjectID, result: ObjectID,
        takesBack: ObjectID? = nil
    ) {
        self.kind = kind
        self.target = target
        self.head = head
        self.commit = commit
        self.result = result
        self.takesBack = takesBack
    }
}

extension ReleaseAction: PlannedAction {
    /// What is recorded of it.
    public var task: PlannedTask {
        switch self {
        case .merge(let merge):
            let action =
                switch merge.kind {
                case .promo: "branch.promote"
                case .revert: "branch.revert"
                case .sync: "branch.sync"
                }
            return PlannedTask(
                action, target: merge.target,
                details: ["commit": .string(merge.commit.hex), "result": .string(merge.result.hex)])
        case .withdraw(let branch, let head):
            return PlannedTask("branch.withdraw", target: branch, details: ["commit": .string(head.hex)])
        case .deleteSource(let branch, let head):
            return PlannedTask("source.delete", target: branch, details: ["commit": .string(head.hex)])
        case .verify(let commit, let isAccepted, let summary):
            return PlannedTask(
                "source.verify", target: commit.hex,
                details: ["accepted": .bool(isAccepted), "summary": .string(summary)])
        case .refuse(let target, let reason):
            return PlannedTask("release.refuse", target: target.description, details: ["reason": .string(reason)])
        }
    }
}
