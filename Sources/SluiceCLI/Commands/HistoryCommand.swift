import ArgumentParser
import DesiredState

/// `sluice history`: what was done.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Show what was done: runs, and the tasks of one run.",
        discussion: """
            A run is one pass over an object that had something to do; a task is one effect in it. Nothing here can be
            changed or deleted.

            EXAMPLES
              sluice history                                 the latest runs of all objects
              sluice history candidate/land/102     of one object
              sluice history --status failed --limit 100
              sluice history --target registry-dev-102       whatever was done to a database
              sluice history --run 17                        every effect of run 17
            """)

    @Argument(help: "An object, as kind/name; or a kind.")
    var object: String?

    @Option(name: .long, help: "The tasks of this run.")
    var run: Int?

    @Option(name: .long, help: "Only these: running, succeeded, failed, cancelled, lost; separated by commas.")
    var status: String?

    @Option(name: .long, help: "Only what was done to this: a database, a candidate.")
    var target: String?

    @Option(name: .long, help: "Only what did this: database.clone, changelog.deploy, …")
    var action: String?

    @Option(name: .long, help: "Only what worked on this revision.")
    var revision: String?

    @Option(name: .long, help: "Only what began at this time or later, as 2026-01-31T10:00:00Z.")
    var since: String?

    @Option(name: .long, help: "Only what began before this time.")
    var until: String?

    @Option(name: .long, help: "How much is shown at most.")
    var limit: Int = 20

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 10000") }
    }

    func run() async throws {
        let client = try server.client()
        if let run {
            let tasks = try await client.list(
                ["api", "v1", "runs", String(run), "tasks"],
                [("status", status), ("target", target), ("action", action)], limit: limit)
            return try output.print(tasks, name: { $0["id"]?.integer.map(String.init) }) {
                HistoryView.tasks(tasks, isWide: $0)
            }
        }
        let named = object.flatMap { ObjectName(argument: $0) }
        let kind = try named?.kind ?? object.map { try KindName.kind($0) }
        let runs = try await client.list(
            ["api", "v1", "runs"],
            [
                ("kind", kind), ("name", try named?.key.name), ("status", status), ("target", target),
                ("action", action),
                ("revision", revision), ("since", since), ("until", until),
            ], limit: limit)
        try output.print(runs, name: { $0["id"]?.integer.map(String.init) }) { HistoryView.runs(runs, isWide: $0) }
    }
}
