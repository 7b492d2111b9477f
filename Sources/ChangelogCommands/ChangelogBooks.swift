import ArgumentParser
import Changelog
import Diagnostics
import Terminal

/// `sluice changelog tag`.
struct ChangelogTag: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Put a tag on what has run last, to roll back to.")
    static let settings = TagOption.settings + DatabaseOptions.settings
    static let positional: String? = "tag"

    @OptionGroup var tag: TagOption
    @OptionGroup var database: DatabaseOptions

    func run() async throws { try await database.withSession { try await $0.deployer.tag(tag.tag) } }
}

/// `sluice changelog tag-exists`.
struct ChangelogTagExists: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag-exists", abstract: "Say whether a changeset carries a tag.",
        discussion: "Prints true or false. Exits with 0 for both, as Liquibase does.")
    static let settings = TagOption.settings + DatabaseOptions.settings
    static let positional: String? = "tag"

    @OptionGroup var tag: TagOption
    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let books = try await database.withSession { try await $0.deployer.readBooks() }
        try CommandContext.current.console.print(books?.hasTag(tag.tag) ?? false ? "true" : "false")
    }
}

/// `sluice changelog clear-checksums`.
struct ChangelogClearChecksums: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "clear-checksums", abstract: "Forget all checksums, so that the next update notes today's.",
        discussion: "What was changed since it ran is not found out then.")
    static let settings = DatabaseOptions.settings

    @OptionGroup var database: DatabaseOptions

    func run() async throws { try await database.withSession { try await $0.deployer.clearChecksums() } }
}

/// `sluice changelog list-locks`.
struct ChangelogListLocks: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "list-locks", abstract: "Say who deploys on the database, with their sessions.")
    static let settings = DatabaseOptions.settings + OutputOptions.settings

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard let report = try await database.withSession({ try await $0.deployer.lockReport() }) else {
            return CommandContext.current.console.say("nobody holds the lock")
        }
        try output.write(report.harmless)
    }
}

/// `sluice changelog release-locks`.
struct ChangelogReleaseLocks: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "release-locks", abstract: "Give back the lock of somebody who died with it.",
        discussion: """
            Whether Liquibase lives cannot be seen from outside: make sure first that it does not deploy. A sluice that
            died has its lock taken over without this command, and one that lives keeps it: --terminate ends its
            sessions first, for one that is frozen or out of reach.
            """)
    static let settings = DatabaseOptions.settings

    @Flag(name: .long, help: "End the sessions of a sluice that has the lock.")
    var terminate = false

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let holder = try await database.withSession { try await $0.deployer.releaseLocks(terminating: terminate) }
        let console = CommandContext.current.console
        console.say(holder.map { "the lock of \($0) is free" } ?? "the lock was free")
    }
}

/// `sluice changelog drop-all`.
struct ChangelogDropAll: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop-all", abstract: "Drop everything in a schema, the books too.",
        discussion: """
            All or nothing. At a terminal it takes --force; scripts mean what they say, as with Liquibase. The schema
            itself stays, and what an extension brought. When objects of other schemas depend on what would go, nothing
            is dropped.
            """)
    static let settings = DatabaseOptions.settings + ["schemas"]

    @Flag(name: .long, help: "Say that this is meant.")
    var force = false

    @Option(name: .long, help: "The schemas, separated by commas; else that of names that have none.")
    var schemas: String?

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        guard force || !CommandContext.current.console.isInteractive else {
            throw CommandFailure(
                .usage, "drop-all drops every table with its rows", hint: "say --force when that is meant")
        }
        let dropped = try await database.withSession { session in
            let named = (schemas ?? "").words(at: ",").map { $0.filter { $0 != " " } }
            return try await session.deployer.dropAll(in: named.isEmpty ? [session.schema] : named)
        }
        let console = CommandContext.current.console
        for name in dropped { console.say(name.oneLine) }
        try console.print("objects dropped: \(dropped.count)")
    }
}
