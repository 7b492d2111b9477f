import ArgumentParser
import DesiredState
import Terminal

/// `sluice hosts`: how the hosts of the forges stand.
struct HostsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hosts", abstract: "Show the hosts that are asked over HTTP, with their limits.",
        discussion: """
            A host is open; or it is limited: it asked us to wait; or it is failing: it did not answer often enough in a row,
            and after a while a single request finds out. Counted is since the controller started.

            EXAMPLES
              sluice hosts
              sluice hosts -o json | jq '.items[] | select(.state != "open")'
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let hosts = try await server.client().get(["api", "v1", "hosts"]).body
        try output.print(hosts, name: { $0["origin"]?.string }) { _ in HostView.hosts(hosts) }
    }
}
