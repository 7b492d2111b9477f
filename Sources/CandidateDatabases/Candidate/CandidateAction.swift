/// One effect in a candidate's life. Each can be carried out twice without harm, and each is found again by looking.
public enum CandidateAction: Hashable, Sendable {
    /// Takes the label off the revision while its database is built.
    case reportPending
    /// Drops a database of the candidate that is of no use: a build that was cut off, a retired or outdated one.
    case discard(database: String)
    /// Clones the base template under the private name, with rights, settings and provenance.
    case clone(into: String)
    /// Runs the candidate's changelogs there and writes the outcome into the provenance.
    case deploy(in: String)
    /// Gives the finished build the name that people read, in one transaction with taking it from the former one.
    case publish(build: String, as: String)
    /// Writes the current revision into the provenance of a database whose content it shares.
    case restamp(database: String)
    /// Votes on the exact revision, with the one comment.
    case report
    /// Puts the failed build aside for debugging.
    case keep(build: String)
    /// Removes the login of a candidate that is gone.
    case removeLogin(String)

    /// The name in history, in `sluice plan` and of the failpoints around it.
    public var name: String {
        switch self {
        case .reportPending: "verdict.pending"
        case .discard: "database.discard"
        case .clone: "database.clone"
        case .deploy: "changelog.deploy"
        case .publish: "database.publish"
        case .restamp: "database.restamp"
        case .report: "verdict.report"
        case .keep: "database.keep-failed"
        case .removeLogin: "login.remove"
        }
    }

    /// The database or login that the action is about; nil when it is about the revision.
    public var object: String? {
        switch self {
        case .reportPending, .report: nil
        case .discard(let name), .clone(let name), .deploy(let name), .publish(_, let name), .restamp(let name),
            .keep(let name), .removeLogin(let name):
            name
        }
    }
}

/// A step of a plan: an action, and on which outcome of the deploy before it it is carried out.
public struct CandidateStep: Hashable, Sendable {
    /// When a step applies.
    public enum Applicability: String, Hashable, Sendable {
        case always
        case ifDeployed = "if-deployed"
        case ifFailed = "if-failed"
    }

    /// The action.
    public let action: CandidateAction
    /// On which outcome.
    public let applies: Applicability

    /// Makes a step.
    public init(_ action: CandidateAction, _ applies: Applicability = .always) {
        self.action = action
        self.applies = applies
    }
}
