import Foundation
import TestSupport

@testable import SluiceCLI

/// Runs commands in this process and keeps what they print.
struct Invocation: Sendable {
    let status: ExitStatus
    let output: String
    let talk: String

    /// Runs a command line, without the program's own name.
    static func run(
        _ arguments: String..., environment: [String: String] = [:], interactive: Bool = false, answer: String? = nil
    ) async -> Invocation {
        let (output, talk) = (Recorder(), Recorder())
        var context = CommandContext(
            console: Console(
                output: { output.append($0) }, talk: { talk.append($0) }, isInteractive: interactive),
            environment: environment, executable: "/nonexistent/sluice")
        context.ask = { _ in answer }
        let status = await Sluice.run(arguments, in: context)
        return Invocation(status: status, output: output.text, talk: talk.text)
    }
}

/// The parts of the repository that tests read.
enum Checkout {
    /// The repository's root.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path(percentEncoded: false)
}
