package import ArgumentParser
import Diagnostics

/// Runs a command line from its words to the exit code.
///
/// This room holds what all commands have in common: where they write, what they take from the process, how failures look,
/// and what exit codes mean. It knows of no command.
package enum Program {
    /// Runs the command below `root` that the arguments name, and says how it ended.
    ///
    /// - Parameters:
    ///   - arguments: The words of the command line, without the program's own name.
    ///   - rewrite: Turns the words into those that the parser reads.
    package static func run(
        _ root: any ParsableCommand.Type, _ arguments: [String], in context: CommandContext,
        rewrite: ([String]) throws -> [String] = { $0 }
    ) async -> ExitStatus {
        do {
            try await CommandContext.$current.withValue(context) {
                var command = try root.parseAsRoot(try rewrite(arguments))
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
            }
            return .ok
        } catch is Console.ReaderGone {
            return .ok
        } catch let status as ExitStatus {
            return status
        } catch let error where isParsersOwn(error) {
            return answer(error, to: arguments.first, of: root, context.console)
        } catch {
            let failure = CommandFailure(error)
            context.console.say(failure.text)
            return failure.status
        }
    }

    /// What the argument parser has to say: help and versions are data, mistakes are talk.
    private static func answer(
        _ error: any Error, to word: String?, of root: any ParsableCommand.Type, _ console: Console
    ) -> ExitStatus {
        let message = root.fullMessage(for: error)
        guard root.exitCode(for: error).isSuccess else {
            console.say(message)
            if let command = word.flatMap({ nearest(to: $0, below: root) }) {
                console.say(" hint: did you mean \(command)?")
            }
            return .usage
        }
        do { try console.print(message) } catch let failure as CommandFailure {
            console.say(failure.text)
            return failure.status
        } catch { return .ok }
        return .ok
    }

    /// The command that a word was meant for, when it is none.
    private static func nearest(to word: String, below root: any ParsableCommand.Type) -> String? {
        let known = root.configuration.subcommands.compactMap { $0.configuration.commandName }
        return known.contains(word) || word == "help" ? nil : Suggestion.nearest(to: word, in: known)
    }

    /// Whether an error is the argument parser's own: a mistake on the command line, or a wish for help.
    private static func isParsersOwn(_ error: any Error) -> Bool {
        switch error {
        case is any SluiceErrorConvertible, is SluiceError, is CommandFailure: false
        case is ValidationError, is CleanExit, is ExitCode: true
        // The parser's other errors have no public type; they come from its own module.
        default: String(reflecting: type(of: error)).begins(with: "ArgumentParser.")
        }
    }
}
