import ChangelogCommands
import Foundation
import Glibc
import Terminal

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
        context.input = StandardInput.read
        context.ask = { question in
            FileHandle.standardError.write(Data(question.utf8))
            return readLine()
        }
        exit(await run(Array(arguments.dropFirst()), in: context).rawValue)
    }

    /// Runs the command that the arguments name, and says how it ended.
    static func run(_ arguments: [String], in context: CommandContext) async -> ExitStatus {
        await Program.run(RootCommand.self, arguments, in: context, rewrite: ChangelogCommand.reordered)
    }
}
