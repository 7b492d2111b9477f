import Changelog
import ChildProcess
import Diagnostics
import Foundation
import Terminal

/// Runs the programs that `executeCommand` names, with the environment and in the directory of the command itself.
struct ChangelogPrograms: Sendable {
    let environment: [String: String]

    /// Runs a program to its end.
    ///
    /// - Throws: `SluiceError` `changelog.program-failed` for an exit code other than 0; ``ChildError``.
    func run(_ call: ProgramCall) async throws {
        // A path with a directory in it is meant from where we are, as with Liquibase; a bare name is looked up.
        let isPath = call.executable.holds("/")
        var child = Child(isPath ? AbsolutePath.of(call.executable) : call.executable, call.arguments)
        child.environment = environment
        child.outputLimit = 1 << 24
        child.deadline = call.timeout ?? .seconds(7 * 24 * 3600)
        child.leftovers = .left
        let result = try await child.run()
        guard !result.status.isSuccess else { return }
        let words = (result.errorText + result.outputText).trimmingCharacters(in: .whitespacesAndNewlines)
        throw SluiceError(
            "changelog.program-failed", .stalled,
            "\(child) ended with \(result.status)" + (words.isEmpty ? "" : ": \(words.suffix(500))"))
    }
}
