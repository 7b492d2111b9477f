import ArgumentParser
import DesiredState
import Terminal

/// `sluice notices list`: what channels were told, and what became of it.
struct NoticesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show what channels were told, newest first.",
        discussion: """
            EXAMPLES
              sluice notices list
              sluice notices list --channel ops --state waiting,dead
              sluice notices list --object release/edge-42 -o json
            """)

    @Option(name: .long, help: "Only what this channel was told.")
    var channel: String?

    @Option(name: .long, help: "Only of this object, as release/edge-42.")
    var object: ObjectName?

    @Option(name: .long, help: "Only these: waiting, delivered, dead, dropped; separated by commas.")
    var state: String?

    @Option(name: .long, help: "Only of what happened at this time or later, as 2026-01-31T10:00:00Z.")
    var since: String?

    @Option(name: .long, help: "How many are shown at most.")
    var limit: Int = 20

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 10000") }
    }

    func run() async throws {
        let key = try object?.key
        let notices = try await server.client().list(
            ["api", "v1", "notices"],
            [
                ("channel", channel), ("kind", key?.kind), ("name", key?.name), ("state", state), ("since", since),
            ], limit: limit)
        try output.print(notices, name: NoticeView.name) { NoticeView.notices(notices, isWide: $0) }
    }
}
