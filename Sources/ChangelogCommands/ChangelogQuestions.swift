import ArgumentParser
import Changelog
import Terminal

/// `sluice changelog validate`: reads and understands, and needs no database.
struct ChangelogValidate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Read a changelog with everything it includes, and say what is wrong with it.",
        discussion: """
            Without a database every changeset is looked at for itself; with one, checksums are compared, too. Each
            mistake is one line, file:line:column first. Exits with 8 when there is one.
            """)

    @OptionGroup var changelog: ChangelogOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let console = CommandContext.current.console
        let environment = CommandContext.current.environment
        let count: Int
        if database.url == nil, database.urlFile == nil, environment["SLUICE_DATABASE_URL"] == nil {
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
struct ChangelogStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "List the changesets that the database does not have yet.")

    @OptionGroup var changelog: ChangelogOptions
    @OptionGroup var database: DatabaseOptions

    @Flag(name: .long, help: "Taken for Liquibase's sake: the changesets are always listed.")
    var verbose = false

    func run() async throws {
        let pending = try await database.withSession { session in
            let prepared = try changelog.prepare(schema: session.schema, facts: session.facts)
            let plan = try await session.deployer.plan(prepared)
            try plan.requireAccepted()
            return plan.pending.map { "\($0.prepared.changeSet.location): \($0.prepared.identity)" }
        }
        let console = CommandContext.current.console
        for line in pending { try console.print(line.oneLine) }
        let noun = pending.count == 1 ? "changeset has" : "changesets have"
        console.say(pending.isEmpty ? "the database is up to date" : "\(pending.count) \(noun) not been applied")
    }
}

/// `sluice changelog update-sql`: what an update would send.
struct ChangelogUpdateSQL: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update-sql", abstract: "Print what an update would send, for people to read and psql to run.")

    @OptionGroup var changelog: ChangelogOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let text = try await database.withSession { session in
            let prepared = try changelog.prepare(schema: session.schema, facts: session.facts)
            return try await session.deployer.script(prepared).text
        }
        try CommandContext.current.console.print(text)
    }
}
