import ArgumentParser
import Diagnostics
import Foundation
import Glibc

/// The command `sluice`.
///
/// This module holds the commands, how their answers look, the client of the HTTP interface, and the composition of the
/// controller. It decides nothing about databases or verdicts: commands ask the interface, and the composition only puts
/// parts together.
public enum Sluice {
    /// Runs the command that the arguments name, the program's own name first, and ends the process.
    public static func run(_ arguments: [String]) async -> Never {
        signal(SIGPIPE, SIG_IGN)
        let environment = ProcessInfo.processInfo.environment
        var context = CommandContext(
            console: .standard(environment: environment), environment: environment,
            executable: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
                ?? arguments.first ?? "sluice")
        context.ask = { question in
            FileHandle.standardError.write(Data(question.utf8))
            return readLine()
        }
        exit(await run(Array(arguments.dropFirst()), in: context).rawValue)
    }

    /// Runs the command that the arguments name, and says how it ended.
    static func run(_ arguments: [String], in context: CommandContext) async -> ExitStatus {
        do {
            try await CommandContext.$current.withValue(context) {
                var command = try RootCommand.parseAsRoot(try ChangelogCommand.reordered(arguments))
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
        } catch let error where RootCommand.isOwn(error) {
            return answer(error, to: arguments.first, context.console)
        } catch {
            let failure = CommandFailure(error)
            context.console.say(failure.text)
            return failure.status
        }
    }

    /// What the argument parser has to say: help and versions are data, mistakes are talk.
    private static func answer(_ error: any Error, to word: String?, _ console: Console) -> ExitStatus {
        let message = RootCommand.fullMessage(for: error)
        guard RootCommand.exitCode(for: error).isSuccess else {
            console.say(message)
            if let command = word.flatMap(RootCommand.nearest) { console.say(" hint: did you mean \(command)?") }
            return .usage
        }
        do { try console.print(message) } catch { return .ok }
        return .ok
    }
}

extension ExitStatus: Error {}
