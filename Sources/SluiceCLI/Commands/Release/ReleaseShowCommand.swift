import ArgumentParser
import DesiredState

/// `sluice release show`: the walk of a release.
struct ReleaseShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a release, branch by branch.",
        discussion: """
            What was merged, and what the next merge would do, as the controller saw it last.

            EXAMPLES
              sluice release show edge-2026-02
              sluice release show edge-2026-02 -o json | jq '.status.steps'
            """)

    @OptionGroup var options: ReleaseOptions

    func run() async throws {
        let client = try options.server.client()
        try await options.show(try await client.get(["api", "v1", "releases", options.name]).body)
    }
}

/// `sluice release rehearse`: the walk as it would go now.
struct ReleaseRehearseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse", abstract: "Try every merge of a release in memory, now, and show what each would do.",
        discussion: """
            Nothing is merged for it. A release that is on its way goes on as it would have anyway.

            EXAMPLE
              sluice release rehearse edge-2026-02
            """)

    @OptionGroup var options: ReleaseOptions

    func run() async throws {
        let client = try options.server.client()
        let ticket = try await client.post(
            ["api", "v1", "resources", ResourceKind.release.rawValue, options.name, "reconcile"]
        ).body
        try await options.follow(ticket, client)
    }
}
