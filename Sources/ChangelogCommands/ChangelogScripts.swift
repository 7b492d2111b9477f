import ArgumentParser
import Changelog
import Terminal

/// What the commands have in common that print SQL: they read the database and change nothing.
struct Script: ParsableArguments {
    static let settings = ChangelogOptions.settings + DatabaseOptions.settings + OutputOptions.settings

    @OptionGroup var changelog: ChangelogOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    /// Prints what `body` writes.
    func write(
        _ adjust: @Sendable (DeployerOptions) -> DeployerOptions = { $0 },
        _ body: (_ deployer: Deployer, _ changelog: PreparedChangelog) async throws -> String
    ) async throws {
        let text = try await database.withSession { session in
            try await body(
                Deployer(session.connection, options: adjust(session.options)),
                try changelog.prepare(schema: session.schema, facts: session.facts))
        }
        try output.write(text)
    }
}

/// `sluice changelog update-sql`.
struct ChangelogUpdateSQL: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "update-sql", abstract: "Print what update would send, for people to read and psql to run.",
        discussion: "Conditions are taken to hold, as Liquibase takes them.")
    static let settings = Script.settings

    @OptionGroup var script: Script

    func run() async throws { try await script.write { try await $0.script($1) } }
}

/// `sluice changelog update-count-sql`.
struct ChangelogUpdateCountSQL: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "update-count-sql", abstract: "Print what update-count would send.")
    static let settings = CountOption.settings + Script.settings
    static let positional: String? = "count"

    @OptionGroup var count: CountOption
    @OptionGroup var script: Script

    func run() async throws {
        try await script.write({ $0.stopping(after: count.count) }) { try await $0.script($1) }
    }
}

/// `sluice changelog update-to-tag-sql`.
struct ChangelogUpdateToTagSQL: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "update-to-tag-sql", abstract: "Print what update-to-tag would send.")
    static let settings = TagOption.settings + Script.settings
    static let positional: String? = "tag"

    @OptionGroup var tag: TagOption
    @OptionGroup var script: Script

    func run() async throws {
        try await script.write({ $0.stopping(behind: tag.tag) }) { try await $0.script($1) }
    }
}

/// `sluice changelog rollback-sql`.
struct ChangelogRollbackSQL: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback-sql", abstract: "Print what rollback would send.")
    static let settings = RollbackTagOption.settings + Script.settings
    static let positional: String? = "tag"

    @OptionGroup var target: RollbackTagOption
    @OptionGroup var script: Script

    func run() async throws {
        try await script.write { try await $0.rollbackScript($1, to: target.target) }
    }
}

/// `sluice changelog rollback-count-sql`.
struct ChangelogRollbackCountSQL: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback-count-sql", abstract: "Print what rollback-count would send.")
    static let settings = CountOption.settings + Script.settings
    static let positional: String? = "count"

    @OptionGroup var count: CountOption
    @OptionGroup var script: Script

    func run() async throws {
        try await script.write { try await $0.rollbackScript($1, to: .count(count.count)) }
    }
}

/// `sluice changelog rollback-to-date-sql`.
struct ChangelogRollbackToDateSQL: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback-to-date-sql", abstract: "Print what rollback-to-date would send.")
    static let settings = DateOption.settings + Script.settings
    static let positional: String? = "date"

    @OptionGroup var date: DateOption
    @OptionGroup var script: Script

    func run() async throws {
        try await script.write { try await $0.rollbackScript($1, to: .date(date.date)) }
    }
}

/// `sluice changelog future-rollback-sql`.
struct ChangelogFutureRollbackSQL: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "future-rollback-sql", abstract: "Print how to take back what an update would apply now.")
    static let settings = Script.settings

    @OptionGroup var script: Script

    func run() async throws { try await script.write { try await $0.futureRollbackScript($1) } }
}

/// `sluice changelog future-rollback-count-sql`.
struct ChangelogFutureRollbackCountSQL: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "future-rollback-count-sql",
        abstract: "Print how to take back the next few changesets that an update would apply.")
    static let settings = CountOption.settings + Script.settings
    static let positional: String? = "count"

    @OptionGroup var count: CountOption
    @OptionGroup var script: Script

    func run() async throws {
        try await script.write({ $0.stopping(after: count.count) }) { try await $0.futureRollbackScript($1) }
    }
}

/// `sluice changelog future-rollback-from-tag-sql`.
struct ChangelogFutureRollbackFromTagSQL: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "future-rollback-from-tag-sql",
        abstract: "Print how to take back what an update to a tag would apply now.")
    static let settings = TagOption.settings + Script.settings
    static let positional: String? = "tag"

    @OptionGroup var tag: TagOption
    @OptionGroup var script: Script

    func run() async throws {
        try await script.write({ $0.stopping(behind: tag.tag) }) { try await $0.futureRollbackScript($1) }
    }
}

extension DeployerOptions {
    /// The same, for the next few changesets.
    func stopping(after count: Int) -> Self {
        var copy = self
        copy.limit = count
        return copy
    }

    /// The same, up to and with the changeset that sets a tag.
    func stopping(behind tag: String) -> Self {
        var copy = self
        copy.untilTag = tag
        return copy
    }
}
