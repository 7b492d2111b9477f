import ArgumentParser
import DesiredState
import Terminal

/// `sluice token …`: tokens with which people and programs prove who they are.
struct TokenCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make, list and revoke access tokens.",
        discussion: """
            A token proves a name, and may narrow what its holder may do. What that name may do is said by RoleBindings
            alone: a token gives no right.

            EXAMPLES
              sluice token create ci --scope operator:Candidate/land/* --lifetime 90d --note 'builds of land'
              sluice token list --subject ci
              sluice token revoke 8fKq2LmZx1
            """,
        subcommands: [TokenCreateCommand.self, TokenListCommand.self, TokenRevokeCommand.self])
}

/// `sluice token create`: a new one, printed once.
struct TokenCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a token and print it, once.",
        discussion: """
            The token goes to standard output and is kept nowhere: of its secret the controller keeps a digest.

            EXAMPLES
              sluice token create anna --group land-team --lifetime 30d > ~/.config/sluice-token
              sluice token create ci --scope viewer --scope operator:Candidate/land/*
            """)

    @Argument(help: "Whose name it proves: a user of RoleBindings, of a release's operators, and so on.")
    var subject: String

    @Option(name: .long, help: "A group that it proves with the name; more than once for several.")
    var group: [String] = []

    @Option(
        name: .long,
        help: "What its holder may do at most: a role, or a role and resources; more than once for several.")
    var scope: [String] = []

    @Option(name: .long, help: "How long it holds, as 12h or 90d; 366d at most.")
    var lifetime: WaitingTime = WaitingTime(.seconds(90 * 86_400))

    @Option(name: .long, help: "What it is for.")
    var note: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        var body: [String: JSONValue] = [
            "subject": .string(subject), "lifetime": .string(ConfigurationDuration.format(lifetime.duration)),
            "groups": .array(group.map { .string($0) }), "scopes": .array(scope.map { .string($0) }),
        ]
        body["note"] = note.map { .string($0) }
        let made = try await server.client().post(["api", "v1", "tokens"], body: .object(body)).body
        let console = CommandContext.current.console
        guard output.output == .table || output.output == .wide else {
            return try output.print(made, name: { $0["id"]?.string }) { _ in AccessView.tokens(["items": [made]]) }
        }
        guard let token = made["token"]?.string else {
            throw CommandFailure(.internalError, "the controller's answer is not understood")
        }
        console.say(
            "token \(made["id"]?.string?.oneLine ?? "") of \(subject.oneLine), until \(made["expiresAt"]?.string?.oneLine ?? ""); it is not shown again"
        )
        try console.print(token)
    }
}

/// `sluice token list`: which there are.
struct TokenListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show tokens, when each was used last, and when it ends.",
        discussion: """
            EXAMPLES
              sluice token list
              sluice token list --subject ci -o json
            """)

    @Option(name: .long, help: "Only tokens of this subject.")
    var subject: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let tokens = try await server.client().list(["api", "v1", "tokens"], [("subject", subject)])
        try output.print(tokens, name: { $0["id"]?.string }) { _ in AccessView.tokens(tokens) }
    }
}

/// `sluice token revoke`: ends one.
struct TokenRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End a token, for good.",
        discussion: """
            It works nowhere after five seconds, on no replica.

            EXAMPLE
              sluice token revoke 8fKq2LmZx1
            """)

    @Argument(help: "The token's id, as sluice token list shows it.")
    var id: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let token = try await server.client().post(["api", "v1", "tokens", id, "revoke"]).body
        try output.print(token, name: { $0["id"]?.string }) { _ in AccessView.tokens(["items": [token]]) }
    }
}
