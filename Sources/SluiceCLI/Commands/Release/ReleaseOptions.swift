import ArgumentParser
import DesiredState
import Terminal

/// Which release, who asks, and how long is waited: the same for all that is asked of a release.
struct ReleaseOptions: ParsableArguments {
    @Argument(help: "The release.")
    var name: String

    @Option(name: .customLong("as"), help: "Who asks (else SLUICE_ACTOR, else the user's login name).")
    var actor: String?

    @Flag(name: .long, help: "Do not wait.")
    var noWait = false

    @Option(name: .long, help: "How long to wait until the release comes to rest, as 90s or 5m.")
    var timeout: WaitingTime = WaitingTime(.seconds(300))

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    /// Who asks.
    var author: String {
        get throws {
            let environment = CommandContext.current.environment
            guard let name = actor ?? environment["SLUICE_ACTOR"] ?? environment["USER"], !name.isEmpty else {
                throw CommandFailure(.usage, "nobody asks", hint: "say who: --as NAME")
            }
            return name
        }
    }

    /// Asks something of the release, waits until it comes to rest, and shows it.
    func ask(_ command: String, _ details: [String: JSONValue] = [:]) async throws {
        let body = JSONValue.object(details.merging(["actor": .string(try author)]) { first, _ in first })
        let client = try server.client()
        let ticket = try await client.post(["api", "v1", "releases", name, command], body: body).body
        try await follow(ticket, client)
    }

    /// Waits for what was asked, and shows the release.
    func follow(_ ticket: JSONValue, _ client: ControlClient) async throws {
        let pass = try PassWait.pass(of: ticket)
        if noWait { return CommandContext.current.console.say("asked for; pass \(pass) will answer") }
        let rest = ReleaseRest(client: client, name: name, deadline: timeout.duration)
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

/// Waits until a release has answered and takes no further step by itself.
struct ReleaseRest: Sendable {
    let client: ControlClient
    let name: String
    let deadline: Duration
    var clock = ContinuousClock()

    /// The release at rest.
    func wait(after pass: Int) async throws -> JSONValue {
        let end = clock.now + deadline
        try await PassWait(client: client, deadline: deadline).wait(
            for: [ResourceKind.release.rawValue, name], pass: pass)
        while clock.now < end {
            let release = try await client.get(["api", "v1", "releases", name]).body
            let reconciling = ResourceView.condition("Reconciling", of: release)
            // What waits for its window waits for hours or days.
            let isWaiting = reconciling?["reason"]?.string == "WindowNotOpen"
            if isWaiting || reconciling?["status"]?.string != "True" { return release }
            try await clock.sleep(for: .milliseconds(200))
        }
        throw CommandFailure(
            .timeout, "the release has not come to rest within \(ConfigurationDuration.format(deadline))",
            hint: "it goes on without you: sluice release show \(name.oneLine)", code: "client.timeout")
    }
}
