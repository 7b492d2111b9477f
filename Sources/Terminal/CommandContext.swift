package import Foundation

/// What a command takes from the process around it. It is a task-local value because the argument parser makes the
/// commands; tests run commands under contexts of their own.
package struct CommandContext: Sendable {
    /// Where it writes.
    package var console: Console
    /// The environment.
    package var environment: [String: String]
    /// The absolute path of this program, for whoever has to start it again.
    package var executable: String
    /// The time.
    package var now: @Sendable () -> Date = { Date() }
    /// Reads what is piped in: all of it, or one byte more than the limit.
    package var input: @Sendable (_ limit: Int) throws -> [UInt8] = { _ in [] }
    /// Asks a person for a line; nil at the end of input.
    package var ask: @Sendable (_ question: String) -> String? = { _ in nil }

    package init(console: Console, environment: [String: String], executable: String) {
        self.console = console
        self.environment = environment
        self.executable = executable
    }

    /// The context of the command that runs in this task.
    @TaskLocal package static var current = CommandContext(
        console: Console(output: { _ in }, talk: { _ in }), environment: [:], executable: "")
}
