import Diagnostics
public import Foundation

/// A registry: a data model kept as changelogs in a git project, each candidate change of which gets a database of its
/// own and a verdict.
public struct RegistrySpec: Hashable, Sendable {
    /// The ``ForgeSpec`` by name that hosts the project.
    public let forge: String
    /// The project on the forge.
    public let project: String
    /// The branch that candidates aim at.
    public let branch: String
    /// The ``DatabaseServerSpec`` by name on which candidate databases are made.
    public let server: String
    /// The database that is cloned: structure only, no data.
    public let referenceDatabase: String
    /// What the names of candidate databases start with; the candidate's id follows.
    public let databasePrefix: String
    /// The paths of the repository that the engine sees; nothing outside them can change a database.
    public let watchedPaths: [String]
    /// The changelogs, deployed in this order.
    public let changelogs: [ChangelogSpec]
    /// What holds for all of them.
    public let changelog: ChangelogSettings
    /// Names inside each candidate database.
    public let database: DatabaseLayout
    /// What one candidate may use.
    public let limits: CandidateLimits
    /// How many base templates are kept for reuse; the one used longest ago goes first.
    public let baseTemplateBudget: Int
    /// How often the forge and the server are listed and compared.
    public let interval: Duration
    /// How databases go.
    public let cleanup: CleanupPolicy
    /// How many candidates have a database at a time, those opened first; nil is no limit.
    public let maxCandidates: Int?
    /// The servers by name among which candidates are spread; empty for ``server`` alone.
    public let candidateServers: [String]
    /// Why and until when the controller leaves the registry alone; nil when it does not.
    public let suspension: Suspension?

    /// Makes the spec of a registry.
    public init(
        forge: String, project: String, branch: String = "master", server: String,
        referenceDatabase: String = "registry-template", databasePrefix: String = "registry-dev-",
        watchedPaths: [String]? = nil, changelogs: [ChangelogSpec], changelog: ChangelogSettings = ChangelogSettings(),
        database: DatabaseLayout = DatabaseLayout(),
        limits: CandidateLimits = CandidateLimits(), baseTemplateBudget: Int = 5, interval: Duration = .seconds(60),
        cleanup: CleanupPolicy = CleanupPolicy(), maxCandidates: Int? = nil,
        candidateServers: [String] = [], suspension: Suspension? = nil
    ) {
        self.forge = forge
        self.project = project
        self.branch = branch
        self.server = server
        self.referenceDatabase = referenceDatabase
        self.databasePrefix = databasePrefix
        self.watchedPaths = watchedPaths ?? Self.defaultWatchedPaths(of: changelogs)
        self.changelogs = changelogs
        self.changelog = changelog
        self.database = database
        self.limits = limits
        self.baseTemplateBudget = baseTemplateBudget
        self.interval = interval
        self.cleanup = cleanup
        self.maxCandidates = maxCandidates
        self.candidateServers = candidateServers
        self.suspension = suspension
    }

    /// The servers on which candidates may be, in the order in which they are preferred.
    public var servers: [String] { candidateServers.isEmpty ? [server] : candidateServers }

    /// The suspension that holds at a time; nil when there is none, or it has run out.
    public func suspension(at time: Date) -> Suspension? { suspension.flatMap { $0.holds(at: time) ? $0 : nil } }

    /// The first component of each changelog's path, each once.
    public static func defaultWatchedPaths(of changelogs: [ChangelogSpec]) -> [String] {
        var paths: [String] = []
        for changelog in changelogs {
            guard let first = changelog.path.words(at: "/").first.map(String.init) else { continue }
            if !paths.contains(first) { paths.append(first) }
        }
        return paths
    }
}

/// Names inside each candidate database.
public struct DatabaseLayout: Hashable, Sendable {
    /// The schema of objects whose changelog names none.
    public let defaultSchema: String
    /// The `search_path` set on the database; empty leaves the server's.
    public let searchPath: [String]
    /// The schema of the two tables below.
    public let liquibaseSchema: String
    /// The table that says which changesets ran.
    public let changelogTable: String
    /// The table that says who deploys.
    public let lockTable: String

    /// Makes a layout.
    public init(
        defaultSchema: String = "public", searchPath: [String] = [], liquibaseSchema: String = "public",
        changelogTable: String = "databasechangelog", lockTable: String = "databasechangeloglock"
    ) {
        self.defaultSchema = defaultSchema
        self.searchPath = searchPath
        self.liquibaseSchema = liquibaseSchema
        self.changelogTable = changelogTable
        self.lockTable = lockTable
    }
}

/// What one candidate may use. Its changelog is a stranger's code.
public struct CandidateLimits: Hashable, Sendable {
    /// How long its deploy may take, enforced from outside the database.
    public let deadline: Duration
    /// How large its database may grow, in bytes.
    public let maxSize: Int
    /// How many connections its login may have at a time.
    public let maxConnections: Int

    /// Makes limits.
    public init(deadline: Duration = .seconds(600), maxSize: Int = 1 << 30, maxConnections: Int = 4) {
        self.deadline = deadline
        self.maxSize = maxSize
        self.maxConnections = maxConnections
    }
}

/// How databases go when their candidates do.
public struct CleanupPolicy: Hashable, Sendable {
    /// How many databases one sweep may drop without a confirmation.
    public let deletionBudget: Int
    /// How long a database outlives its candidate.
    public let gracePeriod: Duration
    /// How long the database of a failed deploy is kept for a look at it; zero drops it at once.
    public let keepFailed: Duration

    /// Makes a policy.
    public init(deletionBudget: Int = 10, gracePeriod: Duration = .seconds(0), keepFailed: Duration = .seconds(0)) {
        self.deletionBudget = deletionBudget
        self.gracePeriod = gracePeriod
        self.keepFailed = keepFailed
    }
}
