import ArgumentParser
import Changelog
import Diagnostics
import Terminal

/// `sluice changelog validate`: reads and understands, and needs no database.
struct ChangelogValidate: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Read a changelog with everything it includes, and say what is wrong with it.",
        discussion: """
            Without a database every changeset is looked at for itself; with one, checksums are compared, too. Each
            mistake is one line, file:line:column first. Exits with 8 when there is one.
            """)
    static let settings = ChangelogOptions.settings + DatabaseOptions.settings

    @OptionGroup var changelog: ChangelogOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let console = CommandContext.current.console
        let count: Int
        if !database.isNamed {
            count = try changelog.prepare(schema: database.defaultSchemaName ?? "public").changeSets.count
        } else {
            count = try await database.withSession { session in
                let prepared = try changelog.prepare(schema: session.schema, facts: session.facts)
                try await session.deployer.plan(prepared).requireAccepted()
                return prepared.changeSets.count
            }
        }
        try console.print("\(changelog.changelogFile) is valid: \(count) changeset\(count == 1 ? "" : "s")")
    }
}

/// `sluice changelog status`: what an update would run.
struct ChangelogStatus: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "List the changesets that the database does not have yet.",
        discussion: """
            A line a changeset, file:line:column first, then path::id::author. Exits with 0 whether there are any or
            not, as Liquibase does.
            """)
    static let settings =
        ["verbose"] + ChangelogOptions.settings + DatabaseOptions.settings + OutputOptions.settings

    @OptionGroup var changelog: ChangelogOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, inversion: .prefixedNo, help: "List them, and not only their number.")
    var verbose = true

    @Option(name: [.customShort("o"), .customLong("output")], help: "table or json.")
    var format: DataFormat = .table

    func run() async throws {
        let pending = try await database.withSession { session in
            let prepared = try changelog.prepare(schema: session.schema, facts: session.facts)
            let plan = try await session.deployer.plan(prepared)
            try plan.requireAccepted()
            return plan.pending
        }
        let lines = pending.map { "\($0.prepared.changeSet.location): \($0.prepared.identity)".oneLine }
        switch format {
        case .json: try output.write(try ReportJSON.text(pending.map(PendingChangeSet.init)))
        case .table: if verbose, !lines.isEmpty { try output.write(lines.joined(separator: "\n")) }
        }
        let noun = pending.count == 1 ? "changeset has" : "changesets have"
        CommandContext.current.console.say(
            pending.isEmpty ? "the database is up to date" : "\(pending.count) \(noun) not been applied")
    }
}

/// `sluice changelog unexpected-changesets`: what the database has and the changelog has not.
struct ChangelogUnexpectedChangesets: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "unexpected-changesets",
        abstract: "List the changesets that the database has and the changelog does not have.")
    static let settings =
        ["verbose"] + ChangelogOptions.settings + DatabaseOptions.settings + OutputOptions.settings

    @OptionGroup var changelog: ChangelogOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, inversion: .prefixedNo, help: "List them, and not only their number.")
    var verbose = true

    func run() async throws {
        let found = try await database.withSession { session in
            let prepared = try changelog.prepare(schema: session.schema, facts: session.facts)
            return try await session.deployer.readBooks()?.unexpected(by: prepared) ?? []
        }
        if verbose, !found.isEmpty {
            try output.write(found.map { $0.identity.description.oneLine }.joined(separator: "\n"))
        }
        let noun = found.count == 1 ? "changeset is" : "changesets are"
        CommandContext.current.console.say("\(found.count) \(noun) not in the changelog")
    }
}

/// `sluice changelog calculate-checksum`.
struct ChangelogCalculateChecksum: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "calculate-checksum", abstract: "Print the checksum of a changeset.",
        discussion: """
            With a database it is of the version that the books have for the changeset; else of today's, 9.
            """)
    static let settings =
        ["changeset-identifier", "changeset-id", "changeset-author", "changeset-path"] + ChangelogOptions.settings
        + DatabaseOptions.settings + OutputOptions.settings
    static let positional: String? = "changeset-identifier"

    @Option(name: .long, help: "The changeset: path::id::author.")
    var changesetIdentifier: String?

    @Option(name: .long, help: "Its id, when it is not named as a whole.")
    var changesetId: String?

    @Option(name: .long, help: "Its author.")
    var changesetAuthor: String?

    @Option(name: .long, help: "Its path.")
    var changesetPath: String?

    @OptionGroup var changelog: ChangelogOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let identity = try identity()
        let checksum: Checksum
        if database.isNamed {
            checksum = try await database.withSession { session in
                let reading = try changelog.read(schema: session.schema, facts: session.facts)
                let entry = try await session.deployer.readBooks()?[identity]
                return try Self.checksum(of: identity, in: reading, version: entry?.checksum?.version)
            }
        } else {
            checksum = try Self.checksum(of: identity, in: try changelog.read(), version: nil)
        }
        try output.write(checksum.description)
    }

    private static func checksum(
        of identity: ChangeSet.Identity, in reading: ChangelogOptions.Reading, version: Int?
    ) throws -> Checksum {
        guard let only = reading.resolved.only(identity),
            let prepared = try ChangelogOptions.Reading(
                resolved: only, source: reading.source, filter: ChangeSetFilter(), schema: reading.schema
            ).understood().changeSets.first
        else {
            throw CommandFailure(
                .notFound, "the changelog has no changeset \(identity)".oneLine, code: "changelog.unknown-changeset")
        }
        return version.flatMap(Checksum.Version.init).map(prepared.checksum) ?? prepared.checksum
    }

    private func identity() throws -> ChangeSet.Identity {
        switch (changesetIdentifier, changesetPath, changesetId, changesetAuthor) {
        case (let whole?, nil, nil, nil):
            let parts = whole.parts(between: "::").map(String.init)
            if parts.count == 3 { return ChangeSet.Identity(id: parts[1], author: parts[2], path: parts[0]) }
        case (nil, let path?, let id?, let author?): return ChangeSet.Identity(id: id, author: author, path: path)
        default: break
        }
        throw CommandFailure(
            .usage, "no changeset is named",
            hint: "give path::id::author, or --changeset-path, --changeset-id and --changeset-author")
    }
}
