import ArgumentParser
import Changelog
import Terminal

/// `sluice changelog rollback`.
struct ChangelogRollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Take back what was applied after a tag was set.")

    @Option(name: .long, help: "The tag.")
    var tag: String

    @OptionGroup var changelog: ChangelogOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws { try await takeBack(changelog, database, to: .tag(tag)) }
}

/// `sluice changelog rollback-count`.
struct ChangelogRollbackCount: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback-count", abstract: "Take back the last few changesets.")

    @Option(name: .long, help: "How many.")
    var count: Int

    @OptionGroup var changelog: ChangelogOptions
    @OptionGroup var database: DatabaseOptions

    func run() async throws { try await takeBack(changelog, database, to: .count(count)) }
}

/// What the two have in common.
private func takeBack(
    _ changelog: ChangelogOptions, _ database: DatabaseOptions, to target: Deployer.RollbackTarget
) async throws {
    let count = try await database.withSession { session in
        try await session.deployer.rollBack(
            try changelog.prepare(schema: session.schema, facts: session.facts), to: target)
    }
    try CommandContext.current.console.print("changesets taken back: \(count)")
}
