import ArgumentParser

/// `sluice hooks`: webhooks of forges, and git's own hooks.
struct HooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hooks", abstract: "Look at webhooks that came; put git's hooks in place.",
        subcommands: [
            DeliveriesCommand.self, RedeliverCommand.self, HooksInstallCommand.self, HooksUninstallCommand.self,
            HooksRunCommand.self,
        ])
}
