import ArgumentParser
import DesiredState
import Terminal

/// `sluice cleanup`: takes down everything that is held for a registry.
struct CleanupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cleanup", abstract: "Drop all candidate databases, templates and private roles of a registry.",
        discussion: """
            Shows everything that would go and asks for the registry's name; scripts say --yes. The reference database
            and the reader role stay. While the registry is desired and not suspended, its next round builds databases
            for open candidates again. Servers that cannot be looked at are left out and named, and the command ends
            with 1: do it again when they are back, or take the DatabaseServer out when it is gone for good.

            EXAMPLES
              sluice cleanup land
              sluice cleanup land --yes
            """)

    @Argument(help: ArgumentHelp("The registry, as NAME or registry/NAME.", valueName: "registry"))
    var written: String

    @Flag(name: .long, help: "Do not ask.")
    var yes = false

    @Option(name: .long, help: "How long to wait, as 90s or 5m.")
    var timeout: WaitingTime = WaitingTime(.seconds(300))

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let registry = try name
        let client = try server.client()
        let console = CommandContext.current.console
        let path = ["api", "v1", "registries", registry, "cleanup"]
        let plan = try await client.get(path).body
        let tasks = plan["tasks"]?.array ?? []
        guard !tasks.isEmpty else {
            console.say("there is nothing to take down")
            return try requireWhole(plan)
        }
        if let leftOut = Self.leftOut(of: plan) { console.say(leftOut) }
        for line in PlanView.table(tasks).lines() { try console.print(line) }
        try confirm(tasks.count, of: registry)
        let ticket = try await client.post(path, [("steps", String(tasks.count))]).body
        guard let kind = ticket["kind"]?.string, let pass = ticket["pass"]?.integer else {
            throw CommandFailure(.internalError, "the controller's answer is not understood")
        }
        try await PassWait(client: client, deadline: timeout.duration).wait(for: [kind, registry], pass: pass)
        try await report(client, registry, kind: kind, pass: pass)
        try requireWhole(plan)
    }

    private func requireWhole(_ plan: JSONValue) throws {
        guard let leftOut = Self.leftOut(of: plan) else { return }
        throw CommandFailure(
            .notReady, leftOut,
            hint: "do it again when they are back; take out the DatabaseServer of one that is gone for good",
            code: "cleanup.incomplete")
    }

    /// Which servers are left out, in words; nil when none is.
    private static func leftOut(of plan: JSONValue) -> String? {
        guard plan["result"]?["standing"]?.string == "waiting" else { return nil }
        return plan["result"]?["message"]?.string
    }

    private var name: String {
        get throws {
            guard let object = ObjectName(argument: written) else { return written }
            let key = try object.key
            guard key.kind == ResourceKind.registry.rawValue else {
                throw CommandFailure(.usage, "a cleanup is of a registry, not of a \(object.kindWord.oneLine)")
            }
            return key.name
        }
    }

    private func confirm(_ steps: Int, of registry: String) throws {
        if yes { return }
        let context = CommandContext.current
        guard context.console.isInteractive else {
            throw CommandFailure(
                .usage, "nothing was done: nobody can be asked here", hint: "say --yes to have it done",
                code: "cleanup.unconfirmed")
        }
        let answer = context.ask("Type the registry's name to have these \(steps) steps carried out: ")
        guard answer == registry else {
            throw CommandFailure(.notReady, "nothing was done", code: "cleanup.unconfirmed")
        }
    }

    private func report(_ client: ControlClient, _ registry: String, kind: String, pass: Int) async throws {
        let runs = try await client.get(
            ["api", "v1", "runs"], [("kind", kind), ("name", registry), ("limit", "1")]
        ).body
        guard let run = runs["items"]?.array?.first(where: { $0["pass"]?.integer == pass }),
            run["status"]?.string == "succeeded"
        else {
            throw CommandFailure(
                .notReady, "the cleanup did not come to its end",
                hint: "sluice history tasks --action cleanup.drop-database")
        }
        CommandContext.current.console.say("done: sluice history show \(run["id"]?.integer ?? 0)")
    }
}
