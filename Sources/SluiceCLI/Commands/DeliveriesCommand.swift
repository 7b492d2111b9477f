import ArgumentParser
import DesiredState
import Terminal

/// `sluice hooks deliveries`: which webhooks came.
struct DeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries", abstract: "Show which webhooks came, and what became of them, newest first.",
        discussion: """
            The same webhook is shown once, however often it came. What a webhook says is a hint and nothing more: where
            none comes, the timer finds what changed.

            EXAMPLES
              sluice hooks deliveries
              sluice hooks deliveries --source gitlab --outcome ignored,unreadable
              sluice hooks deliveries --since 2026-01-31T10:00:00Z -o json
            """)

    @Option(name: .long, help: "Only of this forge; local for repositories on the controller's machine.")
    var source: String?

    @Option(
        name: .long,
        help: "Only these: waiting, queued, ignored, unreadable, abandoned; separated by commas.")
    var outcome: String?

    @Option(name: .long, help: "Only what came at this time or later, as 2026-01-31T10:00:00Z.")
    var since: String?

    @Option(name: .long, help: "How many are shown at most.")
    var limit: Int = 20

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 10000") }
    }

    func run() async throws {
        let deliveries = try await server.client().list(
            ["api", "v1", "deliveries"], [("source", source), ("outcome", outcome), ("since", since)], limit: limit)
        try output.print(deliveries, name: { $0["id"]?.integer.map(String.init) }) {
            DeliveryView.deliveries(deliveries, isWide: $0)
        }
    }
}

/// `sluice hooks redeliver`: has a webhook handled once more.
struct RedeliverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redeliver", abstract: "Have a webhook that came handled once more.",
        discussion: """
            As if it came now: what it hints at is looked at again. A forge that sends the same webhook again is told what
            became of the first, and nothing is done.

            EXAMPLE
              sluice hooks redeliver 4711
            """)

    @Argument(help: "The delivery's number, as sluice hooks deliveries shows it.")
    var delivery: Int

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let reply = try await server.client().post(["api", "v1", "deliveries", String(delivery), "redeliver"])
        try output.print(reply.body, name: { $0["id"]?.integer.map(String.init) }) {
            DeliveryView.deliveries(["items": [reply.body]], isWide: $0)
        }
    }
}
