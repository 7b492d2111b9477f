import ArgumentParser
import DesiredState

/// `sluice history runs`, and `sluice history` alone.
struct HistoryRuns: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List runs, newest first: passes that had something to do.")

    @OptionGroup var filter: HistoryFilterOptions
    @OptionGroup var limit: HistoryLimit
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let runs = try await server.client().list(["api", "v1", "runs"], try filter.query, limit: limit.limit)
        try output.print(runs, name: { $0["id"]?.integer.map(String.init) }) { HistoryView.runs(runs, isWide: $0) }
    }
}

/// `sluice history tasks`.
struct HistoryTasks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks", abstract: "List tasks of all runs, newest first: single effects.")

    @OptionGroup var filter: HistoryFilterOptions

    @Option(name: .long, help: "Only those of this run.")
    var run: Int?

    @OptionGroup var limit: HistoryLimit
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let tasks = try await server.client().list(
            ["api", "v1", "tasks"], try filter.query + [("run", run.map(String.init))], limit: limit.limit)
        try output.print(tasks, name: { $0["id"]?.integer.map(String.init) }) {
            HistoryView.tasksOfRuns(tasks, isWide: $0)
        }
    }
}
