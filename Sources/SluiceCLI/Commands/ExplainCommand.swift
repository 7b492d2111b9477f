import ArgumentParser
import DesiredState

/// `sluice explain`: why an object stands as it does, and what would change that.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say why an object is not ready, since when, and what wakes it.",
        discussion: """
            EXAMPLES
              sluice explain candidate/land-registry/102
              sluice explain registry/land-registry

            Exits with 1 when the object is not ready.
            """)

    @Argument(help: "The object, as kind/name.")
    var object: ObjectName

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        let path = try object.path
        let resource = try await client.get(["api", "v1", "resources"] + path).body
        let plan = try await client.get(["api", "v1", "plans"] + path).body
        let runs = try await client.get(
            ["api", "v1", "runs"], [("kind", try object.kind), ("name", object.name), ("limit", "1")]
        ).body
        let context = CommandContext.current
        let explanation = Explanation(
            resource: resource, plan: plan, lastRun: runs["items"]?.array?.first, now: context.now())
        for line in explanation.lines { try context.console.print(line.harmless) }
        if !explanation.isReady { throw ExitStatus.notReady }
    }
}
