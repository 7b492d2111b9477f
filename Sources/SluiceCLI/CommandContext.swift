import Foundation

/// What a command takes from the process around it. It is a task-local value because the argument parser makes the
/// commands; tests run commands under contexts of their own.
struct CommandContext: Sendable {
    /// Where it writes.
    var console: Console
    /// The environment.
    var environment: [String: String]
    /// The absolute path of this program, for whoever has to start it again.
    var executable: String
    /// The time.
    var now: @Sendable () -> Date = { Date() }
    /// Asks a person for a line; nil at the end of input.
    var ask: @Sendable (_ question: String) -> String? = { _ in nil }

    /// The context of the command that runs in this task.
    @TaskLocal static var current = CommandContext(
        console: Console(output: { _ in }, talk: { _ in }), environment: [:], executable: "")
}
