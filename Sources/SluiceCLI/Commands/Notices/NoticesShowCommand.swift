import ArgumentParser
import DesiredState
import Terminal

/// `sluice notices show`: one notice with the answer that it got.
struct NoticesShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one notice, with the answer to its latest attempt.",
        discussion: """
            EXAMPLE
              sluice notices show 4711
            """)

    @Argument(help: "The notice's number, as sluice notices list shows it.")
    var notice: Int

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let found = try await server.client().get(["api", "v1", "notices", String(notice)]).body
        try output.print(found, name: NoticeView.name) { _ in NoticeView.details(found) }
    }
}

/// `sluice notices redeliver`: has a notice sent again.
struct NoticesRedeliverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redeliver", abstract: "Have a notice sent once more, now.",
        discussion: """
            Under the same id, so that a program that got it knows it for a repeat. It is tried even on a channel that is not
            sent to any more; when it gets through, the channel goes on.

            EXAMPLE
              sluice notices redeliver 4711
            """)

    @Argument(help: "The notice's number, as sluice notices list shows it.")
    var notice: Int

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let reply = try await server.client().post(["api", "v1", "notices", String(notice), "redeliver"]).body
        try output.print(reply, name: NoticeView.name) { NoticeView.notices(["items": [reply]], isWide: $0) }
    }
}
