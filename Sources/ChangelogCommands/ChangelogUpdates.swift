import ArgumentParser
import Changelog
import Diagnostics
import Terminal

/// `sluice changelog update`.
struct ChangelogUpdate: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Apply what the database does not have yet.")
    static let settings = Updating.settings

    @OptionGroup var updating: Updating

    func run() async throws { try await updating.run { $0 } }
}

/// `sluice changelog update-count`.
struct ChangelogUpdateCount: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "update-count", abstract: "Apply the next few changesets.")
    static let settings = CountOption.settings + Updating.settings
    static let positional: String? = "count"

    @OptionGroup var count: CountOption
    @OptionGroup var updating: Updating

    func run() async throws { try await updating.run { $0.stopping(after: count.count) } }
}

/// `sluice changelog update-to-tag`.
struct ChangelogUpdateToTag: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "update-to-tag", abstract: "Apply up to and with the changeset that sets a tag.",
        discussion: "When no changeset sets the tag, all are applied, as Liquibase does it.")
    static let settings = TagOption.settings + Updating.settings
    static let positional: String? = "tag"

    @OptionGroup var tag: TagOption
    @OptionGroup var updating: Updating

    func run() async throws { try await updating.run { $0.stopping(behind: tag.tag) } }
}

/// `sluice changelog update-testing-rollback`.
struct ChangelogUpdateTestingRollback: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "update-testing-rollback",
        abstract: "Apply what is missing, take it back, and apply it again: a test of the rollbacks.")
    static let settings = ["tag"] + Updating.settings

    @Option(name: .long, help: "Only up to and with the changeset that sets this tag.")
    var tag: String?

    @OptionGroup var updating: Updating

    func run() async throws {
        try await updating.database.withSession { session in
            let options = tag.map { session.options.stopping(behind: $0) } ?? session.options
            let deployer = Deployer(session.connection, options: options)
            let before = try await deployer.readBooks()?.entries.count ?? 0
            try await updating.apply(session, deployer)
            let new = (try await deployer.readBooks()?.entries.count ?? 0) - before
            let console = CommandContext.current.console
            console.say("taking \(new) back")
            let prepared = try updating.changelog.prepare(schema: session.schema, facts: session.facts)
            let count = try await deployer.rollBack(prepared, to: .count(new))
            try console.print("changesets taken back: \(count)")
            try await updating.apply(session, deployer)
        }
    }
}

/// What they have in common.
struct Updating: ParsableArguments {
    static let settings = ChangelogOptions.settings + DatabaseOptions.settings

    @OptionGroup var changelog: ChangelogOptions
    @OptionGroup var database: DatabaseOptions

    func run(_ adjust: @Sendable (DeployerOptions) -> DeployerOptions) async throws {
        try await database.withSession { session in
            try await apply(session, Deployer(session.connection, options: adjust(session.options)))
        }
    }

    /// Applies the changelog and says what was done.
    func apply(_ session: DatabaseOptions.Session, _ deployer: Deployer) async throws {
        let console = CommandContext.current.console
        let result = try await deployer.update(try await prepared(session, deployer)) { progress in
            let retry = progress.retry.map { "  \($0)" } ?? ""
            console.say("\(progress.index)/\(progress.total)  \(progress.identity)\(retry)")
        }
        for message in result.messages { console.say(message) }
        try console.print(Self.summary(of: result))
    }

    /// Liquibase has made its books by the time at which it finds that a changeset is not valid, and so do we.
    private func prepared(
        _ session: DatabaseOptions.Session, _ deployer: Deployer
    ) async throws -> PreparedChangelog {
        var extent: BooksExtent?
        do {
            let reading = try changelog.read(schema: session.schema, facts: session.facts) { extent = .table }
            extent = .both
            return try reading.understood()
        } catch let error as DiagnosticsError where error.diagnostics.allSatisfy({ !$0.isUnsupported }) {
            if let extent { try await deployer.createBooks(extent) }
            throw error
        }
    }

    private static func summary(of result: DeploymentResult) -> String {
        let counts = [
            (result.ran, "ran"), (result.reran, "ran again"), (result.marked, "noted as run"),
            (result.passed, "passed over"), (result.skipped, "had run before"),
        ]
        let parts = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return "changesets: " + (parts.isEmpty ? "none" : parts.joined(separator: ", "))
    }
}
