import ArgumentParser
import DesiredState
import Terminal

/// `sluice upstream list`: how far every package is behind.
struct UpstreamListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List upstreams: how far behind, what is open, and why one does not go on.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let all = try await server.client().list(["api", "v1", "upstreams"])
        try output.print(all, name: ResourceView.name) {
            UpstreamView.list(all["items"]?.array ?? [], isWide: $0)
        }
    }
}

/// `sluice upstream show`: one upstream with its patches.
struct UpstreamShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an upstream: its patches, whether each fits, and what it waits for.",
        discussion: """
            As the controller saw it last. The limits are those of the hosts that are asked for it.

            EXAMPLES
              sluice upstream show tool
              sluice upstream show tool -o json | jq '.status.patches'
            """)

    @OptionGroup var options: UpstreamOptions

    func run() async throws {
        let client = try options.server.client()
        try await options.show(try await client.get(["api", "v1", "upstreams", options.name]).body, client)
    }
}

/// `sluice upstream scan`: look now.
struct UpstreamScanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Look at an upstream now, and show how it stands.")

    @OptionGroup var options: UpstreamOptions

    func run() async throws { try await options.ask("scan") }
}

/// `sluice upstream move-cursor`: the package has everything up to here.
struct UpstreamMoveCursorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move-cursor", abstract: "Say up to which commit of upstream the package has everything.",
        discussion: """
            Forwards, past commits that the package shall not get or has by other ways; or back, to have them proposed again.
            The commit has to be on upstream's branch. Who ordered it is recorded.

            EXAMPLE
              sluice upstream move-cursor tool 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d --as ada
            """)

    @OptionGroup var options: UpstreamOptions

    @Argument(help: "The commit, 40 digits.")
    var commit: String

    func run() async throws { try await options.ask("move-cursor", ["commit": .string(commit)]) }
}

/// `sluice upstream reopen`: what was refused, once more.
struct UpstreamReopenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reopen", abstract: "Have patches proposed again whose merge request was closed.")

    @OptionGroup var options: UpstreamOptions

    func run() async throws { try await options.ask("reopen") }
}

/// `sluice upstream ignore`: what becomes no patch.
struct UpstreamIgnoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ignore", abstract: "Add to what becomes no patch.",
        discussion: """
            This changes what is desired; an upstream that a config repository names is changed there.

            EXAMPLES
              sluice upstream ignore tool --path docs --path .github
              sluice upstream ignore tool --author '*bot*' --subject 'Merge branch *'
            """)

    @OptionGroup var options: UpstreamOptions

    @Option(name: .long, help: "Commits that change nothing but what is at or below this path; more than once.")
    var path: [String] = []

    @Option(name: .long, help: "Commits by this person: a name or an address, * for any characters.")
    var author: [String] = []

    @Option(name: .long, help: "Commits whose first line looks so, * for any characters.")
    var subject: [String] = []

    func validate() throws {
        guard !(path + author + subject).isEmpty else {
            throw ValidationError("say what: --path, --author or --subject")
        }
    }

    func run() async throws {
        func list(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
        try await options.ask("ignore", ["paths": list(path), "authors": list(author), "subjects": list(subject)])
    }
}

/// `sluice upstream delete`: not followed any more.
struct UpstreamDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Take an upstream out; its branch, issue and merge request are closed.",
        discussion: """
            What people have put commits on stays, and so does everything with removal: leave in the manifest. An upstream
            that a config repository names is taken out there.
            """)

    @OptionGroup var options: UpstreamOptions

    func run() async throws {
        let client = try options.server.client()
        let ticket = try await client.delete(
            ["api", "v1", "upstreams", options.name], [("actor", options.actor.said), ("login", options.actor.login)]
        ).body
        try await options.follow(ticket, client)
    }
}
