import Terminal
import TestSupport

@testable import ChangelogCommands

extension Invocation {
    /// Runs a command below `sluice changelog`.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], interactive: Bool = false
    ) async -> Invocation {
        await record(environment: environment, interactive: interactive) { context in
            await Program.run(
                Root.self, ["changelog"] + arguments, in: context, rewrite: ChangelogCommand.reordered)
        }
    }
}
