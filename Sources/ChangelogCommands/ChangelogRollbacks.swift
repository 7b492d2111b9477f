import ArgumentParser
import Changelog
import Terminal

/// `sluice changelog rollback`.
struct ChangelogRollback: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Take back what was applied after a tag was set.")
    static let settings = RollbackTagOption.settings + Rollback.settings
    static let positional: String? = "tag"

    @OptionGroup var target: RollbackTagOption
    @OptionGroup var rollback: Rollback

    func run() async throws { try await rollback.run(to: target.target) }
}

/// `sluice changelog rollback-count`.
struct ChangelogRollbackCount: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback-count", abstract: "Take back the last few changesets.")
    static let settings = CountOption.settings + Rollback.settings
    static let positional: String? = "count"

    @OptionGroup var count: CountOption
    @OptionGroup var rollback: Rollback

    func run() async throws { try await rollback.run(to: .count(count.count)) }
}

/// `sluice changelog rollback-to-date`.
struct ChangelogRollbackToDate: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback-to-date", abstract: "Take back what was applied after a moment.")
    static let settings = DateOption.settings + Rollback.settings
    static let positional: String? = "date"

    @OptionGroup var date: DateOption
    @OptionGroup var rollback: Rollback

    func run() async throws { try await rollback.run(to: .date(date.date)) }
}

/// What the three have in common.
struct Rollback: ParsableArguments {
    static let settings = ChangelogOptions.settings + DatabaseOptions.settings

    @OptionGroup var changelog: ChangelogOptions
    @OptionGroup var database: DatabaseOptions

    func run(to target: Deployer.RollbackTarget) async throws {
        let count = try await database.withSession { session in
            try await session.deployer.rollBack(
                try changelog.prepare(schema: session.schema, facts: session.facts), to: target)
        }
        try CommandContext.current.console.print("changesets taken back: \(count)")
    }
}
