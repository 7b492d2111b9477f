import ArgumentParser
import Terminal

/// Which version this is.
enum Version {
    /// The version of the program.
    static let text = "0.1.0"
}

/// `sluice version`.
struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Say which version this is.")

    func run() async throws { try CommandContext.current.console.print("sluice \(Version.text)") }
}
