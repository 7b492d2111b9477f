import ArgumentParser
import DesiredState
import Diagnostics
import Terminal

/// `sluice notices test`: sends a test to a channel.
struct NoticesTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Send a test to a channel, and wait for what comes of it.",
        discussion: """
            A test is tried even on a channel that is not sent to any more; when it gets through, the channel goes on.

            EXAMPLE
              sluice notices test ops
            """)

    @Argument(help: "The channel's name.")
    var channel: String

    @Option(name: .long, help: "How many seconds it may take; 0 for not waiting.")
    var timeout: Int = 60

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (0...3600).contains(timeout) else { throw ValidationError("--timeout is a number from 0 to 3600") }
    }

    func run() async throws {
        let client = try server.client()
        var notice = try await client.post(
            ["api", "v1", "notices"], body: ["channel": .string(channel)]
        ).body
        let number = notice["id"]?.integer ?? 0
        for _ in 0..<(timeout * 2) where notice["attemptedAt"] == .null {
            try await ContinuousClock().sleep(for: .milliseconds(500))
            notice = try await client.get(["api", "v1", "notices", String(number)]).body
        }
        let shown = notice
        try output.print(shown, name: NoticeView.name) { _ in NoticeView.details(shown) }
        guard timeout == 0 || notice["state"]?.string == "delivered" else {
            throw CommandFailure(
                .notReady, "the test did not get through", hint: "sluice explain channel/\(channel.oneLine)",
                code: "notice.not-taken")
        }
    }
}
