import ArgumentParser

/// `sluice puppetfile …`: works without a controller.
struct PuppetfileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "puppetfile", abstract: "Read Puppetfiles without running them.",
        subcommands: [PuppetfileCheckCommand.self])
}
