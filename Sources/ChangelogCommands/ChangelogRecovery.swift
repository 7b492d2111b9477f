import ArgumentParser
import Changelog
import Diagnostics
import Terminal

/// What the commands have in common that deal with changesets that are applied in part.
struct RecoveryOptions: ParsableArguments {
    static let settings = ChangelogOptions.settings + DatabaseOptions.settings

    @OptionGroup var changelog: ChangelogOptions
    @OptionGroup var database: DatabaseOptions

    @Flag(name: .long, help: "Say what would be done, and do nothing.")
    var dryRun = false

    /// Calls `body` with a session and the changelog, understood.
    func withChangelog<Result: Sendable>(
        _ body: (DatabaseOptions.Session, PreparedChangelog) async throws -> Result
    ) async throws -> Result {
        try await database.withSession { session in
            try await body(session, try changelog.prepare(schema: session.schema, facts: session.facts))
        }
    }
}

/// One changeset, and who says what of it.
struct StatementOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The changeset.", valueName: "path::id::author"))
    var changeset: String

    @Option(name: .long, help: "Why, for the history of attempts.")
    var reason: String

    @Option(name: .long, help: "Who says so; else USER.")
    var actor: String?

    func validate() throws {
        guard !reason.isEmpty else { throw ValidationError("--reason must say why") }
    }

    /// The changeset of a changelog.
    func find(in changelog: PreparedChangelog) throws -> PreparedChangeSet {
        if let found = changelog.changeSets.first(where: { $0.identity.description == changeset }) { return found }
        let nearest = Suggestion.nearest(to: changeset, in: changelog.changeSets.map(\.identity.description))
        throw CommandFailure(
            .notFound, "the changelog has no changeset \(changeset)", hint: nearest.map { "did you mean \($0)?" })
    }

    /// The options of a deploy, with the person who acts.
    func options(_ session: DatabaseOptions.Session) throws -> DeployerOptions {
        guard let name = actor ?? CommandContext.current.environment["USER"], !name.isEmpty else {
            throw CommandFailure(.usage, "it is not known who acts", hint: "give --actor")
        }
        var options = session.options
        options.owner = "\(name) by \(options.owner)"
        return options
    }
}

/// `sluice changelog mark-applied`.
struct ChangelogMarkApplied: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "mark-applied", abstract: "Say that one changeset is applied, and nothing of it needs to run.")

    static let settings = RecoveryOptions.settings

    @OptionGroup var recovery: RecoveryOptions
    @OptionGroup var statement: StatementOptions

    func run() async throws {
        try await recovery.withChangelog { session, changelog in
            let prepared = try statement.find(in: changelog)
            let deployer = Deployer(session.connection, options: try statement.options(session))
            if !recovery.dryRun { try await deployer.markApplied(prepared, because: statement.reason) }
        }
        let words = recovery.dryRun ? "would be noted as run" : "noted as run"
        try CommandContext.current.console.print("\(statement.changeset): \(words)".oneLine)
    }
}

/// `sluice changelog forget`.
struct ChangelogForget: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Forget how far a changeset came that is applied in part: it runs from its beginning.")

    static let settings = RecoveryOptions.settings

    @OptionGroup var recovery: RecoveryOptions
    @OptionGroup var statement: StatementOptions

    func run() async throws {
        let known = try await recovery.withChangelog { session, changelog in
            let prepared = try statement.find(in: changelog)
            let deployer = Deployer(session.connection, options: try statement.options(session))
            guard !recovery.dryRun else {
                return try await deployer.partialChangeSets(changelog).contains { $0.identity == prepared.identity }
            }
            return try await deployer.forget(prepared, because: statement.reason)
        }
        let words = !known ? "not applied in part" : recovery.dryRun ? "would be forgotten" : "forgotten"
        try CommandContext.current.console.print("\(statement.changeset): \(words)".oneLine)
    }
}
