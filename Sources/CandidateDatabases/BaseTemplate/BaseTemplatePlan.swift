import DesiredState
public import Reconciliation
public import StateStore

/// What was seen of a base template before deciding.
public struct BaseTemplateObservation: Hashable, Sendable {
    /// The database under its final name.
    public var template: Provenance?
    /// Whether there is a database under the name it is built with.
    public var hasBuild: Bool
    /// Why the same content failed before.
    public var knownFailure: DeployFailure?
    /// Whether a person asked for another attempt.
    public var isRequested: Bool
    /// The name under which it is built.
    public var buildName: String
    /// The final name.
    public var name: String

    /// Makes an observation.
    public init(
        name: String, buildName: String, template: Provenance? = nil, hasBuild: Bool = false,
        knownFailure: DeployFailure? = nil, isRequested: Bool = false
    ) {
        self.template = template
        self.hasBuild = hasBuild
        self.knownFailure = knownFailure
        self.isRequested = isRequested
        self.buildName = buildName
        self.name = name
    }
}

/// One effect in the making of a base template.
public enum BaseTemplateAction: Hashable, Sendable, PlannedAction {
    /// Drops a build that was cut off or that failed.
    case discard(database: String, ifFailed: Bool)
    /// Clones the reference database and opens it to the role that changelogs run under.
    case cloneReference(into: String)
    /// Deploys master's changelogs.
    case deploy(in: String)
    /// Closes the database to everybody and gives it its final name.
    case seal(build: String, as: String)

    /// The action as it is recorded.
    public var task: PlannedTask {
        switch self {
        case .discard(let name, let ifFailed):
            PlannedTask("base.discard", target: name, details: ifFailed ? ["applies": "if-failed"] : [:])
        case .cloneReference(let name): PlannedTask("base.clone-reference", target: name)
        case .deploy(let name): PlannedTask("base.deploy", target: name)
        case .seal(_, let name): PlannedTask("base.seal", target: name)
        }
    }
}

/// Decides what a base template needs. Pure.
public enum BaseTemplatePlan: Hashable, Sendable {
    /// It is there.
    case ready
    /// Master is known not to deploy; nothing is tried until somebody asks or the content changes.
    case broken(DeployFailure)
    /// It has to be made.
    case make([BaseTemplateAction])

    /// Decides.
    public static func decide(_ seen: BaseTemplateObservation) -> BaseTemplatePlan {
        if seen.template?.state == .deployed { return .ready }
        if let failure = seen.knownFailure, !seen.isRequested { return .broken(failure) }
        let leftovers = seen.hasBuild ? [BaseTemplateAction.discard(database: seen.buildName, ifFailed: false)] : []
        return .make(
            leftovers + [
                .cloneReference(into: seen.buildName), .deploy(in: seen.buildName),
                .seal(build: seen.buildName, as: seen.name), .discard(database: seen.buildName, ifFailed: true),
            ])
    }
}
