import ChildProcess
import Diagnostics
import Foundation
import Terminal

/// The real `git` in the hands of an author without any configuration of the machine's or the user's.
struct AuthorGit: Sendable {
    /// What git takes for the author's home.
    let home: String
    /// Where programs are looked for.
    let searchPath: String

    /// Runs git and gives what it printed, both ways.
    /// - Throws: `CommandFailure` when it ends with a code that is not among `codes`.
    @discardableResult
    func run(_ arguments: [String], in directory: String, accepting codes: Set<Int32> = [0]) async throws -> String {
        // A hook's notification is still under way when the push is done.
        let child = Child(
            "git", arguments, environment: environment, workingDirectory: directory, deadline: .seconds(60),
            leftovers: .left)
        let result = try await child.run()
        guard case .exited(let code) = result.status, codes.contains(code) else {
            throw CommandFailure(
                .internalError, "git \(arguments.joined(separator: " ")) failed: \(result.errorText)")
        }
        return result.outputText.trimmingCharacters(in: .newlines)
    }

    private var environment: [String: String] {
        [
            "PATH": searchPath, "HOME": home, "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0", "GIT_PAGER": "cat",
            "GIT_AUTHOR_NAME": "Ada Author", "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada Author", "GIT_COMMITTER_EMAIL": "ada@example.org",
        ]
    }
}
