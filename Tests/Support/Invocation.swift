package import Terminal

/// A command that ran in this process, and what it printed.
package struct Invocation: Sendable {
    package let status: ExitStatus
    package let output: String
    package let talk: String

    /// Runs a command under a context whose two ways out are kept.
    ///
    /// - Parameter answer: What a person says when asked; nil when nobody is there.
    package static func record(
        environment: [String: String] = [:], interactive: Bool = false, answer: String? = nil,
        _ run: (CommandContext) async -> ExitStatus
    ) async -> Invocation {
        let (output, talk) = (Recorder(), Recorder())
        var context = CommandContext(
            console: Console(output: { output.append($0) }, talk: { talk.append($0) }, isInteractive: interactive),
            environment: environment, executable: "/nonexistent/sluice")
        context.ask = { _ in answer }
        let status = await run(context)
        return Invocation(status: status, output: output.text, talk: talk.text)
    }
}
