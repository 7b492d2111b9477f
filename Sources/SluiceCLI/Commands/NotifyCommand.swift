import ArgumentParser
import DesiredState
import Diagnostics
import Foundation
import Terminal

/// `sluice notify`: what the post-receive hook calls.
struct NotifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notify", abstract: "Tell the controller that a local repository has changed.",
        discussion: """
            hooks/post-receive calls this after a push, so that the controller looks now instead of at its next round.
            It is a hint and nothing more: nothing is lost when it does not arrive.

            EXAMPLE
              sluice notify --repository /var/lib/sluice/repositories/land.git
            """)

    @Option(name: .long, help: "The bare repository.", completion: .directory)
    var repository: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let path = URL(filePath: AbsolutePath.of(repository)).resolvingSymlinksInPath().path(percentEncoded: false)
        let client = try server.client(deadline: .seconds(10))
        try await client.post(["hooks", "local"], body: ["repository": .string(path)])
    }
}
