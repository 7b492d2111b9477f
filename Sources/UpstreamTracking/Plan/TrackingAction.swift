import DesiredState
public import Forges
public import GitClient
public import Reconciliation
public import StateStore

/// Something that is done for an upstream. Each effect is found again by looking: a branch by its name and commit, an issue
/// by its mark, a merge request by its branch.
public enum TrackingAction: PlannedAction, Hashable {
    /// The cursor goes to where the history is that upstream has now; the package has these commits beyond it. What was refused
    /// stays refused.
    case followRewritten(to: ObjectID, from: ObjectID?, known: [ObjectID], because: String)
    /// The cursor moves.
    case moveCursor(to: ObjectID, from: ObjectID?, because: String)
    /// An order is carried out, or answered with why it is not.
    case obey(TrackingOrder, cursor: ObjectID?)
    /// The branch gets the patches; from where it stands, nil when there is none.
    case push(commit: ObjectID, from: ObjectID?, patches: Int)
    /// The issue says what is proposed.
    case tellIssue(ProposalText)
    /// The merge request is opened, or says what is proposed.
    case tellRequest(ProposalText, head: ObjectID)
    /// People are asked to look at the merge request.
    case askReviewers([String])
    /// The merge request says why nothing goes on; nil takes that away again.
    case warn(CandidateID, line: String?)
    /// The branch's head gets a verdict.
    case verify(commit: ObjectID, fits: Bool, summary: String)
    /// The merge request is closed, for nobody needs it any more.
    case closeRequest(CandidateID, head: ObjectID)
    /// The branch goes.
    case deleteBranch(head: ObjectID)
    /// The issue is closed.
    case closeIssue

    /// What is recorded of it.
    public var task: PlannedTask {
        switch self {
        case .followRewritten(let target, let origin, let known, let reason):
            PlannedTask(
                "upstream.move-cursor", target: target.hex,
                details: [
                    "from": origin.map { .string($0.hex) } ?? .null, "because": .string(reason),
                    "known": .integer(known.count),
                ])
        case .moveCursor(let target, let origin, let reason):
            PlannedTask(
                "upstream.move-cursor", target: target.hex,
                details: ["from": origin.map { .string($0.hex) } ?? .null, "because": .string(reason)])
        case .obey(let order, let cursor): order.task(cursor: cursor)
        case .push(let commit, let origin, let patches):
            PlannedTask(
                "upstream.push", target: commit.hex,
                details: ["from": origin.map { .string($0.hex) } ?? .null, "patches": .integer(patches)])
        case .tellIssue(let text): PlannedTask("upstream.tell-issue", target: text.title)
        case .tellRequest(let text, let head):
            PlannedTask("upstream.tell-request", target: text.title, details: ["head": .string(head.hex)])
        case .askReviewers(let people):
            PlannedTask(
                "upstream.ask-reviewers", target: people.first ?? "",
                details: ["people": .array(people.map(JSONValue.string))])
        case .warn(let id, let line):
            PlannedTask(
                "upstream.warn", target: id.rawValue, details: ["says": line.map(JSONValue.string) ?? .null])
        case .verify(let commit, let fits, let summary):
            PlannedTask(
                "upstream.verify", target: commit.hex, details: ["fits": .bool(fits), "summary": .string(summary)])
        case .closeRequest(let id, let head):
            PlannedTask("upstream.close-request", target: id.rawValue, details: ["head": .string(head.hex)])
        case .deleteBranch(let head): PlannedTask("upstream.delete-branch", target: head.hex)
        case .closeIssue: PlannedTask("upstream.close-issue", target: "issue")
        }
    }
}

extension TrackingOrder {
    fileprivate func task(cursor: ObjectID?) -> PlannedTask {
        let details: JSONValue = [
            "order": .integer(Int(id)), "actor": .string(actor), "from": cursor.map { .string($0.hex) } ?? .null,
            "because": .string(obstacle ?? "\(actor) asked for it"),
        ]
        guard outcome == .done, let command else {
            return PlannedTask("upstream.refuse-order", target: "\(id)", details: details)
        }
        return switch command {
        case .moveCursor(let commit): PlannedTask("upstream.move-cursor", target: commit.hex, details: details)
        case .reopen: PlannedTask("upstream.reopen", target: "\(id)", details: details)
        }
    }
}
