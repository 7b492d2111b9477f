import ArgumentParser
import DesiredState
import Diagnostics
import ForgeDoubles
import Foundation
import Logging
import ServiceLifecycle
import Terminal
import UnixSignals

/// `sluice dev forge`: a stand-in for a code host, with real git.
struct DevForgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forge", abstract: "Run a stand-in for Gerrit, GitLab, GitHub or Gitee, with real git.",
        discussion: """
            Speaks the host's REST interface, as far as Sluice uses it, and serves git over HTTP. It has two accounts: author,
            who pushes and proposes, and sluice, whom the controller goes by. Their tokens are made once and lie in files of
            the directory, beside the repositories and the records, so that it goes on where it was when it is started again.

            It is for trying and for tests: whoever has a token may do everything. Keep it on the loopback interface.

            What is to go wrong, and how often, is said at /-/faults; what was asked is told at /-/requests. Both answer on
            this machine only.

            EXAMPLES
              sluice dev forge --type gerrit --directory /tmp/gerrit
              sluice dev forge --type gitlab --directory /tmp/gitlab --listen 127.0.0.1:8081 --project land/registry
              sluice dev forge --type github --directory /tmp/github --webhook http://127.0.0.1:8642/hooks/github \\
                --webhook-secret-file /tmp/secret
              curl -X PUT http://127.0.0.1:8080/-/faults -d '[{"effect": "status", "status": 503, "times": 3}]'
            """)

    @Option(name: .long, help: "Whose language it speaks.")
    var type: ForgeType

    @Option(
        name: .long, help: "Where repositories, records and tokens are kept; made if need be.", completion: .directory)
    var directory: String

    @Option(name: .long, help: "Where it listens; port 0 takes a free one.")
    var listen: ListenAddress = ListenAddress(host: "127.0.0.1", port: 8080)

    @Option(name: .long, help: "A project that is made when it is not there yet: group/name.")
    var project: String = "registries/land"

    @Option(name: .long, help: "The version that a GitLab says it has.")
    var gitlabVersion: String = "17.4.2-ee"

    @Option(name: .long, help: "Where events are posted to.")
    var webhook: String?

    @Option(name: .long, help: "A file with the secret that events are signed or marked with.", completion: .file())
    var webhookSecretFile: String?

    func validate() throws {
        let parts = project.parts(at: "/")
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty && !part.begins(with: ".")
                && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        }
        guard isPlain, parts.count == 2 || type == .gerrit || type == .gitlab && parts.count > 1 else {
            throw ValidationError("a project is written group/name, with letters, digits, '.', '_' and '-'")
        }
        if webhookSecretFile != nil, webhook == nil { throw ValidationError("--webhook-secret-file needs --webhook") }
    }

    func run() async throws {
        let context = CommandContext.current
        let secrets = SecretResolver(environment: context.environment)
        let secret = try webhookSecretFile.map { try secrets.resolve(.file(AbsolutePath.of($0))).reveal() }
        try listen.requireFree()
        let directory = AbsolutePath.of(directory)
        let double = try ForgeDouble(
            ForgeDoubleConfiguration(
                type: type, directory: directory, host: listen.host, port: listen.port, gitLabVersion: gitlabVersion,
                webhook: webhook.map { WebhookTarget(url: $0, secret: secret ?? "") }, now: { Date() }),
            logger: .toStandardError(.notice))
        var random = SystemRandomNumberGenerator()
        let accounts = try DevForgeAccounts.prepare(in: directory, using: &random)
        try await accounts.introduce(to: double, project: project)
        let welcome = DevForgeWelcome(type: type, directory: directory, project: project)
        let console = context.console
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: DevForgeService(double: double) { address in
                            try? accounts.writeGitCredentials(for: address)
                            for line in welcome.lines(at: address) { try? console.print(line) }
                        })
                ], gracefulShutdownSignals: [.sigterm, .sigint], logger: .toStandardError(.warning)))
        try await group.run()
    }
}

extension ForgeType: ExpressibleByArgument {}

/// The double as a service that ends with a signal.
private struct DevForgeService: Service {
    let double: ForgeDouble
    let onListening: @Sendable (String) -> Void

    func run() async throws { try await double.run { onListening($0) } }
}
