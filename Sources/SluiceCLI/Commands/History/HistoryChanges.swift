import ArgumentParser
import DesiredState

/// `sluice history changes`: what came into force.
struct HistoryChanges: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "changes", abstract: "List changes of desired state, newest first.")

    @Argument(help: "Only those of this object, as kind/name.")
    var object: ObjectName?

    @OptionGroup var limit: HistoryLimit
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let document = try await server.client().list(
            ["api", "v1", "configuration", "changes"],
            [("kind", try object?.kind), ("name", try object?.key.name)], limit: limit.limit)
        try output.print(document, name: { $0["id"]?.integer.map(String.init) }) {
            ConfigurationView.changes(document, isWide: $0)
        }
    }
}

/// `sluice history change`: every value that one change made another.
struct HistoryChange: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change", abstract: "Show the values that one change of desired state made others.")

    @Argument(help: "The change.")
    var id: Int

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let document = try await server.client().get(["api", "v1", "configuration", "changes", String(id)]).body
        try output.print(document, name: { $0["id"]?.integer.map(String.init) }) { _ in
            ConfigurationView.fields(of: document)
        }
    }
}
