import ArgumentParser
import DesiredState
import Terminal

/// `sluice history show`: one run with everything that is known of it.
struct HistoryShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one run: what it was about, its tasks in their order, what came of them.")

    @Argument(help: "The run.")
    var id: Int

    @Flag(name: .long, help: "Show what the run carried out: desired state as it was then.")
    var definition = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        let path = ["api", "v1", "runs", String(id)]
        let run = try await client.get(path).body
        let console = CommandContext.current.console
        if definition {
            let document = try await client.get(path + ["definition"]).body
            return try console.printExactly(
                output.output == .json ? document.prettyText : String(YAMLText.of(document).dropLast()))
        }
        let tasks = try await client.list(path + ["tasks"])
        if [.table, .wide].contains(output.output) {
            for line in HistoryView.lines(ofRun: run) { try console.print(line) }
        }
        var document = run.object ?? [:]
        document["tasks"] = .array((tasks["items"]?.array ?? []).reversed())
        try output.print(.object(document), name: { $0["id"]?.integer.map(String.init) }) {
            HistoryView.tasks(tasks, isWide: $0)
        }
    }
}
