import ArgumentParser
import DesiredState
import Terminal

/// `sluice describe`: everything about one object on one page.
struct DescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Show all there is to know of one object: spec, status, events and runs.",
        discussion: """
            EXAMPLE
              sluice describe candidate/land/102
            """)

    @OptionGroup var arguments: ObjectArguments

    @OptionGroup var server: ServerOptions

    private var object: ObjectName { arguments.name }

    func run() async throws {
        let client = try server.client()
        let console = CommandContext.current.console
        let kind = try object.kind
        let resource = try await client.get(["api", "v1", "resources"] + (try object.path)).body
        let query = [("kind", kind as String?), ("name", try object.key.name), ("limit", "10")]
        let events = try await client.get(["api", "v1", "events"], query).body
        let runs = try await client.get(["api", "v1", "runs"], query).body
        try console.print(YAMLText.of(resource))
        for (title, table) in [("EVENTS", HistoryView.events(events)), ("RUNS", HistoryView.runs(runs, isWide: false))]
        where !table.isEmpty {
            try console.print(console.paint(title, .bold))
            for line in table.lines() { try console.print("  " + line) }
            try console.print()
        }
    }
}
