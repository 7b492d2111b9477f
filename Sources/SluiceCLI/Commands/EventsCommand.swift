import ArgumentParser
import DesiredState

/// `sluice events`: what happened to objects.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Show what happened to objects, newest first.",
        discussion: """
            EXAMPLES
              sluice events
              sluice events registry/land
              sluice events configuration/desired-state     why the directory of desired state was refused
            """)

    @Argument(help: "An object, as kind/name.")
    var object: ObjectName?

    @Option(name: .long, help: "How many are shown at most.")
    var limit: Int = 20

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 10000") }
    }

    func run() async throws {
        let events = try await server.client().list(
            ["api", "v1", "events"], [("kind", try object?.kind), ("name", try object?.key.name)], limit: limit)
        try output.print(events, name: { $0["id"]?.integer.map(String.init) }) { _ in HistoryView.events(events) }
    }
}
