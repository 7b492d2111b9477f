/// One changelog of a registry and how it is deployed.
public struct ChangelogSpec: Hashable, Sendable {
    /// The path of its root file in the repository; of a migration program its own configuration file.
    public let path: String
    /// The contexts it is deployed with; none runs every changeset.
    public let contexts: [String]
    /// The label expression that changesets must match; nil runs every changeset.
    public let labels: String?
    /// The values of `${…}` in it, over those that it sets itself.
    public let parameters: [String: String]
    /// The team's own migration program that deploys it; nil for a changelog in Liquibase's formats.
    public let command: MigrationCommandSpec?

    /// Makes the spec of a changelog.
    public init(path: String, contexts: [String] = [], labels: String? = nil, parameters: [String: String] = [:]) {
        self.path = path
        self.contexts = contexts
        self.labels = labels
        self.parameters = parameters
        command = nil
    }

    /// Makes the spec of what a migration program deploys.
    public init(path: String, command: MigrationCommandSpec) {
        self.path = path
        self.command = command
        (contexts, labels, parameters) = ([], nil, [:])
    }

    /// What deploys it.
    public var engine: ChangelogEngine { command == nil ? .liquibase : .command }
}

/// What deploys a changelog.
public enum ChangelogEngine: String, Hashable, Sendable, CaseIterable {
    /// The engine of this program, which reads Liquibase's formats.
    case liquibase
    /// A migration program that the operator allows.
    case command
}

/// How a team's own migration program is run.
public struct MigrationCommandSpec: Hashable, Sendable {
    /// A tool that is known: it gives the arguments, checks and the reading of failures.
    public enum Preset: String, Hashable, Sendable, CaseIterable {
        case alembic
    }

    /// The program's name, as the operator allows it, and its arguments; nil for those of the preset.
    public let arguments: [String]?
    /// The tool that it is.
    public let preset: Preset?
    /// Variables that it gets; nothing else is handed on but the database and what every program expects.
    public let environment: [String: String]

    /// Makes the spec of a program.
    public init(arguments: [String]? = nil, preset: Preset? = nil, environment: [String: String] = [:]) {
        self.arguments = arguments
        self.preset = preset
        self.environment = environment
    }

    /// The program's name, as the operator allows it.
    public var program: String { arguments?.first ?? preset?.rawValue ?? "" }
}
