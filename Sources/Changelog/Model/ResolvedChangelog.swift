public import Diagnostics

/// A whole changelog: every include followed, every property expanded, in the order in which it runs.
public struct ResolvedChangelog: Sendable {
    /// A `preConditions` element of a changelog file, judged once before anything runs.
    public struct Precondition: Sendable {
        /// The element.
        public var node: ChangelogNode
        /// The file it stands in, as in the books.
        public var path: String

        /// Makes a precondition.
        public init(node: ChangelogNode, path: String) {
            self.node = node
            self.path = path
        }
    }

    /// The path of the root changelog, as in the books.
    public var path: String
    /// Preconditions of the root and of the included changelogs, in order.
    public var preconditions: [Precondition]
    /// All changesets in run order, before any filter.
    public var changeSets: [ChangeSet]
    /// The properties as they stand at the end, for preconditions that ask for them. Names are lower case.
    public var properties: [String: String]
    /// The properties that only some files see, by the key of the file that defines them.
    public var localProperties: [String: [String: String]]
    /// What makes changesets invalid although the files can be read: Liquibase has made its books by the time at which
    /// it finds that.
    public var mistakes: [Diagnostic]
    /// Findings that refuse nothing.
    public var warnings: [Diagnostic]

    /// Makes a resolved changelog.
    public init(
        path: String, preconditions: [Precondition] = [], changeSets: [ChangeSet] = [],
        properties: [String: String] = [:], localProperties: [String: [String: String]] = [:],
        mistakes: [Diagnostic] = [], warnings: [Diagnostic] = []
    ) {
        self.path = path
        self.preconditions = preconditions
        self.changeSets = changeSets
        self.properties = properties
        self.localProperties = localProperties
        self.mistakes = mistakes
        self.warnings = warnings
    }
}
