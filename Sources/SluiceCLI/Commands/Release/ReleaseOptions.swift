import ArgumentParser
import DesiredState
import Terminal

/// Which release, who asks, and how long is waited: the same for all that is asked of a release.
struct ReleaseOptions: ParsableArguments {
    @Argument(help: "The release.")
    var name: String

    @OptionGroup var actor: ActorOption

    @Flag(name: .long, help: "Do not wait.")
    var noWait = false

    @Option(name: .long, help: "How long to wait until the release comes to rest, as 90s or 5m.")
    var timeout: WaitingTime = WaitingTime(.seconds(300))

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    /// Asks something of the release, waits until it comes to rest, and shows it.
    func ask(_ command: String, _ details: [String: JSONValue] = [:]) async throws {
        let body = JSONValue.object(details.merging(actor.members) { first, _ in first })
        let client = try server.client()
        let ticket = try await client.post(["api", "v1", "releases", name, command], body: body).body
        try await follow(ticket, client)
    }

    /// Waits for what was asked, and shows the release.
    func follow(_ ticket: JSONValue, _ client: ControlClient) async throws {
        let pass = try PassWait.pass(of: ticket)
        if noWait { return CommandContext.current.console.say("asked for; pass \(pass) will answer") }
        let rest = ObjectRest(client: client, kind: .release, name: name, deadline: timeout.duration)
        try await show(try await rest.wait(after: pass))
    }

    /// Shows a release; one that does not go on ends with exit code 1.
    func show(_ release: JSONValue) async throws {
        try output.print(release, name: ResourceView.name) { ReleaseView.walk(of: release, isWide: $0) }
        guard output.output == .table || output.output == .wide else { return }
        for line in ReleaseView.notes(on: release) { CommandContext.current.console.say(line) }
        if ResourceView.condition("Stalled", of: release)?["status"]?.string == "True" { throw ExitStatus.notReady }
    }
}
