import ArgumentParser
import DesiredState
import Terminal

/// `sluice explain`: why an object stands as it does, and what would change that.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say why an object is not ready, since when, and what wakes it.",
        discussion: """
            EXAMPLES
              sluice explain candidate/land/102
              sluice explain registry/land

            Exits with 1 when the object is not ready, or when that cannot be found out.
            """)

    @OptionGroup var arguments: ObjectArguments

    @OptionGroup var server: ServerOptions

    private var object: ObjectName { arguments.name }

    func run() async throws {
        let client = try server.client()
        let path = try object.path
        let resource = try await client.get(["api", "v1", "resources"] + path).body
        if let kind = Self.kindsWithoutStatus[try object.kind] {
            return try CommandContext.current.console.print(
                "\(ResourceView.name(resource) ?? "")\n  a \(kind) has no status of its own; its registries say what is wrong"
            )
        }
        let (plan, obstacle) = try await self.plan(client, path)
        let runs = try await client.get(
            ["api", "v1", "runs"], [("kind", try object.kind), ("name", try object.key.name), ("limit", "1")]
        ).body
        let context = CommandContext.current
        let explanation = Explanation(
            resource: resource, plan: plan, obstacle: obstacle, lastRun: runs["items"]?.array?.first,
            now: context.now())
        for line in explanation.lines { try context.console.print(line) }
        if !explanation.isReady { throw ExitStatus.notReady }
    }

    /// Kinds that nothing reconciles, as they are called in a sentence.
    private static let kindsWithoutStatus = ["Forge": "forge", "DatabaseServer": "database server"]

    /// What would be done now, or why nobody can say: a world that is out of order is no reason to explain nothing.
    private func plan(_ client: ControlClient, _ path: [String]) async throws -> (JSONValue?, obstacle: String?) {
        do {
            return (try await client.get(["api", "v1", "plans"] + path).body, nil)
        } catch let failure as CommandFailure {
            return (nil, failure.message + (failure.hint.map { " (\($0))" } ?? ""))
        }
    }
}
