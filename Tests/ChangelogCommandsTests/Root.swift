import ArgumentParser

@testable import ChangelogCommands

/// A program with nothing but `changelog`.
struct Root: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "sluice", subcommands: [ChangelogCommand.self])
}
