import ArgumentParser
import DesiredState
import Terminal

/// `sluice plan`: what would be done now.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what would be done about an object now, and do nothing.",
        discussion: """
            The world is looked at as for a reconcile, and the list is made by the same code; nothing is carried out.

            EXAMPLES
              sluice plan candidate/land/102
              sluice plan registry/land

            Exits with 1 when there is something to do, with 0 when there is not.
            """)

    @OptionGroup var arguments: ObjectArguments

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    private var object: ObjectName { arguments.name }

    func run() async throws {
        let plan = try await server.client().get(["api", "v1", "plans"] + (try object.path)).body
        let tasks = plan["tasks"]?.array ?? []
        let console = CommandContext.current.console
        if tasks.isEmpty, output.output == .table || output.output == .wide {
            console.say("nothing to do: \((plan["result"]?["message"]?.string ?? "").oneLine)")
            return
        }
        try output.print(plan, name: { _ in nil }) { _ in PlanView.table(tasks) }
        if !tasks.isEmpty { throw ExitStatus.notReady }
    }
}
