import ArgumentParser
import Changelog
import Diagnostics
import Terminal

/// `sluice changelog update`.
struct ChangelogUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Apply what the database does not have yet.")

    @OptionGroup var changelog: ChangelogOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws { try await Updating(changelog: changelog, database: database).run() }
}

/// `sluice changelog update-count`.
struct ChangelogUpdateCount: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update-count", abstract: "Apply the next few changesets.")

    @Option(name: .long, help: "How many.")
    var count: Int

    @OptionGroup var changelog: ChangelogOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws { try await Updating(changelog: changelog, database: database, limit: count).run() }
}

/// `sluice changelog update-to-tag`.
struct ChangelogUpdateToTag: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update-to-tag", abstract: "Apply up to and with the changeset that sets a tag.")

    @Option(name: .long, help: "The tag.")
    var tag: String

    @OptionGroup var changelog: ChangelogOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws { try await Updating(changelog: changelog, database: database, tag: tag).run() }
}

/// What the three have in common.
private struct Updating {
    let changelog: ChangelogOptions
    let database: DatabaseOptions
    var limit: Int?
    var tag: String?

    func run() async throws {
        let console = CommandContext.current.console
        let result = try await database.withSession { session in
            var options = session.options
            options.limit = limit
            options.untilTag = tag
            let deployer = Deployer(session.connection, options: options)
            return try await deployer.update(try await prepared(session, deployer)) { progress in
                let retry = progress.retry.map { "  \($0)" } ?? ""
                console.say("\(progress.index)/\(progress.total)  \(progress.identity)\(retry)".harmless)
            }
        }
        for message in result.messages { console.say(message.harmless) }
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
