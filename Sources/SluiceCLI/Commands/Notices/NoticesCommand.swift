import ArgumentParser

/// `sluice notices`: what people and programs were told.
struct NoticesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notices", abstract: "See what channels were told; have it told again; try a channel.",
        subcommands: [
            NoticesListCommand.self, NoticesShowCommand.self, NoticesRedeliverCommand.self, NoticesTestCommand.self,
        ])
}
