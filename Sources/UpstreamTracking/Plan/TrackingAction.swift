import DesiredState
public import Forges
public import GitClient
import StateStore

/// Something that is done for an upstream. Each effect is found again by looking: a branch by its name and commit, an issue
/// by its mark, a merge request by its branch.
public enum TrackingAction: Hashable, Sendable {
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
}

extension TrackingAction {
    /// What it is called in the history.
    var word: String {
        switch self {
        case .followRewritten, .moveCursor: "upstream.move-cursor"
        case .obey(let order, _): order.word
        case .push: "upstream.push"
        case .tellIssue: "upstream.tell-issue"
        case .tellRequest: "upstream.tell-request"
        case .askReviewers: "upstream.ask-reviewers"
        case .warn: "upstream.warn"
        case .verify: "upstream.verify"
        case .closeRequest: "upstream.close-request"
        case .deleteBranch: "upstream.delete-branch"
        case .closeIssue: "upstream.close-issue"
        }
    }

    /// What the history says of it besides.
    var details: JSONValue {
        switch self {
        case .followRewritten(let target, let origin, let known, let reason):
            [
                "to": .string(target.hex), "from": .commit(origin), "because": .string(reason),
                "known": .integer(known.count),
            ]
        case .moveCursor(let target, let origin, let reason):
            ["to": .string(target.hex), "from": .commit(origin), "because": .string(reason)]
        case .obey(let order, let cursor): order.details(cursor: cursor)
        case .push(let commit, let origin, let patches):
            ["commit": .string(commit.hex), "from": .commit(origin), "patches": .integer(patches)]
        case .tellIssue(let text): ["title": .string(text.title)]
        case .tellRequest(let text, let head): ["title": .string(text.title), "head": .string(head.hex)]
        case .askReviewers(let people): ["people": .array(people.map(JSONValue.string))]
        case .warn(let id, let line):
            ["request": .string(id.rawValue), "says": line.map(JSONValue.string) ?? .null]
        case .verify(let commit, let fits, let summary):
            ["commit": .string(commit.hex), "fits": .bool(fits), "summary": .string(summary)]
        case .closeRequest(let id, let head): ["request": .string(id.rawValue), "head": .string(head.hex)]
        case .deleteBranch(let head): ["commit": .string(head.hex)]
        case .closeIssue: [:]
        }
    }

    /// Whether it is done to what is remembered, and not at the package's code host.
    var isInward: Bool {
        switch self {
        case .followRewritten, .moveCursor, .obey: true
        case .push, .tellIssue, .tellRequest, .askReviewers, .warn, .verify, .closeRequest, .deleteBranch, .closeIssue:
            false
        }
    }
}

extension TrackingOrder {
    fileprivate var word: String {
        guard outcome == .done, let command else { return "upstream.refuse-order" }
        return switch command {
        case .moveCursor: "upstream.move-cursor"
        case .reopen: "upstream.reopen"
        }
    }

    fileprivate func details(cursor: ObjectID?) -> JSONValue {
        var details: [String: JSONValue] = [
            "order": .integer(Int(id)), "actor": .string(actor), "from": .commit(cursor),
            "because": .string(obstacle ?? "\(actor) asked for it"),
        ]
        if case .moveCursor(let commit)? = command { details["to"] = .string(commit.hex) }
        return .object(details)
    }
}

extension JSONValue {
    fileprivate static func commit(_ id: ObjectID?) -> JSONValue { id.map { .string($0.hex) } ?? .null }
}
