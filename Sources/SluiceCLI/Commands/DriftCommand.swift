import ArgumentParser
import DesiredState
import Terminal

/// `sluice drift`: what no release explains on the branches of a control repository.
struct DriftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift", abstract: "Show what no release explains on the branches of a control repository.",
        discussion: """
            Own commits, files that differ from what was promoted, merges that hold more than their parents give, branches that
            were moved back or are missing, and reverts that were not merged on. As the controller saw it last; --now looks again.

            EXAMPLES
              sluice drift puppet
              sluice drift puppet --now
              sluice drift puppet -o json | jq '.status.branches[] | select(.hasDrift)'

            Exits with 1 when a branch has drifted, or could not be looked at.
            """)

    @Argument(help: "The ControlRepository.")
    var repository: String

    @Flag(name: .long, help: "Look again first.")
    var now = false

    @Option(name: .long, help: "How long to wait with --now, as 90s or 5m.")
    var timeout: WaitingTime = WaitingTime(.seconds(300))

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        let path = [ResourceKind.controlRepository.rawValue, repository]
        if now {
            let ticket = try await client.post(["api", "v1", "resources"] + path + ["reconcile"]).body
            let pass = try PassWait.pass(of: ticket)
            try await PassWait(client: client, deadline: timeout.duration).wait(for: path, pass: pass)
        }
        let found = try await client.get(["api", "v1", "resources"] + path).body
        try output.print(found, name: ResourceView.name) { DriftView.matrix(of: found, isWide: $0) }
        if output.output == .table || output.output == .wide {
            for line in DriftView.sentences(on: found) { CommandContext.current.console.say(line) }
        }
        guard DriftView.isClean(found) else { throw ExitStatus.notReady }
    }
}
