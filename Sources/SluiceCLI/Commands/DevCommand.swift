import ArgumentParser

/// `sluice dev`: what helps to try things on one machine.
struct DevCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev", abstract: "Try things on this machine.", subcommands: [DevForgeCommand.self])
}
