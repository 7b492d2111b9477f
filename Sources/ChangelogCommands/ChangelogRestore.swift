import ArgumentParser
import Changelog
import Terminal

/// `sluice changelog restore`.
struct ChangelogRestore: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Take back what is applied of changesets that are applied in part.",
        discussion: """
            The last statement first, each by its inverse where there is one, else by the changeset's rollback; it is
            looked afterwards that what they made is gone. The next update runs the changesets from the beginning.
            """)
    static let settings = RecoveryOptions.settings

    @OptionGroup var recovery: RecoveryOptions

    func run() async throws {
        let console = CommandContext.current.console
        guard !recovery.dryRun else {
            let statements = try await recovery.withChangelog { try await $0.deployer.restoration($1) }
            for statement in statements { try console.print(statement + ";") }
            return
        }
        let restored = try await recovery.withChangelog { try await $0.deployer.restore($1) }
        for identity in restored { console.say("\(identity)".oneLine) }
        try console.print("changesets taken back: \(restored.count)")
    }
}
