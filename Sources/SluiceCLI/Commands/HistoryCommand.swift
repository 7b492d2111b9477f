import ArgumentParser
import DesiredState

/// `sluice history`: what was done.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Show what was done: runs, the tasks of one run, changes of desired state.",
        discussion: """
            A run is one pass over an object that had something to do; a task is one effect in it. Nothing here can be
            changed or deleted. A change is one commit to desired state that came into force: whose it was, and which
            values of which objects became others.

            EXAMPLES
              sluice history                                 the latest runs of all objects
              sluice history candidate/land/102     of one object
              sluice history --status failed --limit 100
              sluice history --target registry-dev-102       whatever was done to a database
              sluice history --run 17                        every effect of run 17
              sluice history --changes                       what came into force, by which commit
              sluice history --changes registry/land         what changed a registry
              sluice history --change 5                      every value that change 5 made another
            """)

    @Argument(help: "An object, as kind/name; or a kind.")
    var object: String?

    @Option(name: .long, help: "The tasks of this run.")
    var run: Int?

    @Flag(name: .long, help: "Changes of desired state; of one object when one is named.")
    var changes = false

    @Option(name: .long, help: "The values that this change of desired state made others.")
    var change: Int?

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
        guard !changes || object.map({ ObjectName(argument: $0) != nil }) ?? true else {
            throw ValidationError("changes are of one object, as kind/name, or of all")
        }
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
        if let change {
            let document = try await client.get(["api", "v1", "configuration", "changes", String(change)]).body
            return try output.print(document, name: { $0["id"]?.integer.map(String.init) }) { _ in
                ConfigurationView.fields(of: document)
            }
        }
        if changes {
            let document = try await client.list(
                ["api", "v1", "configuration", "changes"],
                [("kind", try named?.kind), ("name", try named?.key.name)], limit: limit)
            return try output.print(document, name: { $0["id"]?.integer.map(String.init) }) {
                ConfigurationView.changes(document, isWide: $0)
            }
        }
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
