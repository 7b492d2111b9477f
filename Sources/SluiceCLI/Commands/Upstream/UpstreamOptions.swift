import ArgumentParser
import DesiredState
import Terminal

/// Which upstream, who asks, and how long is waited: the same for all that is asked of an upstream.
struct UpstreamOptions: ParsableArguments {
    @Argument(help: "The upstream.")
    var name: String

    @OptionGroup var actor: ActorOption

    @Flag(name: .long, help: "Do not wait.")
    var noWait = false

    @Option(name: .long, help: "How long to wait for the answer, as 90s or 5m.")
    var timeout: WaitingTime = WaitingTime(.seconds(300))

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    /// Asks something of the upstream, waits for the answer, and shows how it stands.
    func ask(_ command: String, _ details: [String: JSONValue] = [:]) async throws {
        let body = JSONValue.object(details.merging(actor.members) { first, _ in first })
        let client = try server.client()
        try await follow(try await client.post(["api", "v1", "upstreams", name, command], body: body).body, client)
    }

    /// Waits for what was asked, and shows the upstream.
    func follow(_ ticket: JSONValue, _ client: ControlClient) async throws {
        let pass = try PassWait.pass(of: ticket)
        let console = CommandContext.current.console
        if noWait { return console.say("asked for; pass \(pass) will answer") }
        let found = try await ObjectRest(client: client, kind: .upstream, name: name, deadline: timeout.duration)
            .wait(after: pass)
        guard found != .null else { return console.say("upstream/\(name.oneLine) is gone") }
        if let order = ticket["order"]?.integer { try await report(order, client) }
        try await show(found, client)
    }

    /// Shows an upstream; one that does not go on ends with exit code 1.
    func show(_ upstream: JSONValue, _ client: ControlClient) async throws {
        try output.print(upstream, name: ResourceView.name) { UpstreamView.patches(of: upstream, isWide: $0) }
        guard output.output == .table || output.output == .wide else { return }
        let console = CommandContext.current.console
        for line in UpstreamView.notes(on: upstream, now: CommandContext.current.now()) { console.say(line) }
        let hosts = try await client.get(["api", "v1", "hosts"]).body
        let names = ["source", "package"].compactMap { upstream["spec"]?[$0]?["forge"]?.string }
        var forges: [JSONValue] = []
        for name in Set(names).sorted() {
            // Who may not see the Forge does without.
            if let forge = try? await client.get(["api", "v1", "resources", "Forge", name]).body {
                forges.append(forge)
            }
        }
        for line in UpstreamView.limits(of: upstream, forges: forges, hosts, now: CommandContext.current.now()) {
            console.say(line)
        }
        if ResourceView.condition("Stalled", of: upstream)?["status"]?.string == "True" { throw ExitStatus.notReady }
    }

    /// Says what became of an order; one that was refused ends the command.
    private func report(_ id: Int, _ client: ControlClient) async throws {
        let orders = try await client.get(["api", "v1", "upstreams", name, "orders"]).body["items"]?.array ?? []
        guard let order = orders.first(where: { $0["id"]?.integer == id }) else { return }
        let answer = order["answer"]?.string ?? "nobody has answered yet"
        guard order["outcome"]?.string == "refused" else { return CommandContext.current.console.say(answer) }
        throw CommandFailure(.conflict, answer.oneLine, code: "order.refused")
    }
}
