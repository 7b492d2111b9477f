import ArgumentParser
import DesiredState
import Diagnostics
import Terminal

/// `sluice reconcile`: look now.
struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile", abstract: "Have an object looked at now, and wait for exactly that.",
        discussion: """
            What failed before is tried again. The command waits for the pass that answers this request, not for one that
            happened to be under way, and shows how the object stands afterwards. The number of that pass is the token of
            the request: the object's status.lastHandledReconcile comes to it, or beyond.

            EXAMPLES
              sluice reconcile candidate/land/102
              sluice reconcile registry/land --confirm-deletions 25
              sluice reconcile registry/land --no-wait
              sluice reconcile configuration/desired-state --confirm-deletions 12

            Exits with 1 when the object is not ready afterwards, with 6 when the time is over.
            """)

    @OptionGroup var arguments: ObjectArguments

    @Option(
        name: .long,
        help: "Of a registry, or of desired state: allow so many deletions, beyond the budget, once.")
    var confirmDeletions: Int?

    @Option(
        name: .long,
        help: "Of desired state: allow this commit although history was rewritten, once.")
    var confirmRevision: String?

    @Flag(name: .long, help: "Do not wait.")
    var noWait = false

    @Option(name: .long, help: "How long to wait, as 90s or 5m.")
    var timeout: WaitingTime = WaitingTime(.seconds(300))

    @OptionGroup var server: ServerOptions

    private var object: ObjectName { arguments.name }

    func run() async throws {
        let client = try server.client()
        let path = try object.path
        let console = CommandContext.current.console
        let ticket = try await client.post(
            ["api", "v1", "resources"] + path + ["reconcile"],
            [("confirmDeletions", confirmDeletions.map(String.init)), ("confirmRevision", confirmRevision)]
        ).body
        let pass = try PassWait.pass(of: ticket)
        if noWait { return console.say("asked for; pass \(pass) will answer") }
        try await PassWait(client: client, deadline: timeout.duration).wait(for: path, pass: pass)
        try await report(client, path, pass: pass)
    }

    private func report(_ client: ControlClient, _ path: [String], pass: Int) async throws {
        let console = CommandContext.current.console
        let runs = try await client.get(
            ["api", "v1", "runs"], [("kind", try object.kind), ("name", try object.key.name), ("limit", "1")]
        ).body
        let run = runs["items"]?.array?.first { $0["pass"]?.integer == pass }
        let resource: JSONValue
        do {
            resource = try await client.get(["api", "v1", "resources"] + path).body
        } catch let failure as CommandFailure where failure.status == .notFound {
            return try console.print("\(object.kindWord)/\(try object.key.name) is gone")
        }
        if run == nil { console.say("there was nothing to do") }
        let explanation = Explanation(
            resource: resource, plan: nil, lastRun: run, now: CommandContext.current.now())
        for line in explanation.lines { try console.print(line) }
        if !explanation.isReady { throw ExitStatus.notReady }
    }
}

/// A length of time on the command line, as desired state writes it.
struct WaitingTime: ExpressibleByArgument, Sendable {
    let duration: Duration

    init(_ duration: Duration) { self.duration = duration }

    init?(argument: String) {
        guard let duration = ConfigurationDuration.parse(argument), duration > .zero else { return nil }
        self.init(duration)
    }

    var defaultValueDescription: String { ConfigurationDuration.format(duration) }
}
