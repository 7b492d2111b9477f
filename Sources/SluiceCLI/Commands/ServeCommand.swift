import ArgumentParser
import ControlAPI
import DesiredState
import Diagnostics
import Foundation
import Logging
import Reconciliation
import StateStore
import Terminal

/// `sluice serve`: the controller.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the controller until SIGTERM or SIGINT.",
        discussion: """
            Desired state is a directory of files (--config), or a branch of a git repository (--config-repo). It is read
            as a whole or not at all, again on a timer, on SIGHUP, and when the repository says that it was pushed to. With
            --config-by-hand it is what people bring in by `sluice apply`, and nothing is read.

            A config repository is an absolute path, a URL, or with --config-forge a project of that forge: then its
            candidates are judged before they are merged. See docs/how-to/run-from-a-config-repository.md.

            Without a state database, and for a DatabaseServer that says `embedded: {}`, the controller runs a private
            PostgreSQL from the system's binaries in its data directory.

            Without a way to prove who one is, the interface listens on the loopback interface only, and whoever is on this
            machine may do everything. With one, everybody proves who they are: by the access token, by a token of
            "sluice token create", by a password, or by the word of an OpenID provider; what they may do is said by RoleBindings. See
            docs/how-to/give-a-team-access.md.

            A registry whose changelogs say `engine: command` is deployed by a migration program of the team's. That
            runs what the authors of candidates wrote, so nothing is run that is not allowed here, and what is runs in a
            sandbox: see docs/how-to/alembic.md.

            EXAMPLES
              sluice serve --config manifests --data-dir /var/lib/sluice
              sluice serve --config-repo /srv/git/config.git --path sluice --branch main
              sluice serve --config /etc/sluice --allow-migration-command alembic=/usr/bin/alembic
              sluice serve --config /etc/sluice --listen 0.0.0.0:8642 --access-token-file /run/secrets/token
              SLUICE_STATE_DATABASE=postgresql://sluice@db/sluice sluice serve --config /etc/sluice

            ENVIRONMENT
              SLUICE_ACCESS_TOKEN     the access token, unless a file is named
              SLUICE_STATE_DATABASE   the URI of the state database, unless a file is named
            """)

    @OptionGroup(title: "Desired state") var desiredState: DesiredStateOptions

    @Option(
        name: [.customLong("data-dir"), .customLong("data")], help: "The directory of what is the controller's own.",
        completion: .directory)
    var dataDirectory: String = "/var/lib/sluice"

    @Option(name: .long, help: "Where the HTTP interface listens; port 0 takes a free one.")
    var listen: ListenAddress = ListenAddress(host: "127.0.0.1", port: 8642)

    @Option(
        name: .long,
        help: "The address at which people reach the interface, as https://sluice.example.org: for links in notices.")
    var publicUrl: String?

    @OptionGroup(title: "Authentication") var authentication: AuthenticationOptions

    @Option(name: .long, help: "A file with the URI of the state database.", completion: .file())
    var stateDatabaseFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A host that desired state may name although it is on a private network, or is reached without TLS.",
            discussion: "For all its ports, or for one as HOST:PORT. Can be given several times.", valueName: "host"))
    var trustHost: [String] = []

    @OptionGroup(title: "Migration programs") var migrations: MigrationOptions

    @OptionGroup(title: "Clients of patch-tracking") var tracking: TrackingOptions

    @Option(name: .long, help: "How many webhooks a second are taken from one forge; five times as many at once.")
    var webhookRate: Double = 1_000

    @Option(
        name: .long,
        help:
            "How long the history of runs is kept, as 90d; for ever when it is left out. See \"sluice history prune\".")
    var historyAge: WaitingTime?

    @Option(name: .long, help: "How many runs of each object are kept whatever their age.")
    var historyKeep: Int = 20

    @Option(name: .long, help: "How much is logged.")
    var logLevel: LogLevel = .notice

    @Option(name: .long, help: "What log lines look like: text for people, json for programs.")
    var logFormat: LogFormat = .text

    func validate() throws {
        guard webhookRate >= 1, webhookRate.isFinite else {
            throw ValidationError("--webhook-rate is a number from 1 on")
        }
        if let publicUrl {
            let url = URL(string: publicUrl)
            guard let url, ["http", "https"].contains(url.scheme), url.host()?.isEmpty == false, url.query() == nil,
                url.user() == nil, url.fragment() == nil, publicUrl.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            else { throw ValidationError("--public-url is an address such as https://sluice.example.org") }
        }
        guard (1...1_000_000).contains(historyKeep) else {
            throw ValidationError("--history-keep is a number from 1 to 1000000")
        }
    }

    func run() async throws {
        let context = CommandContext.current
        let secrets = SecretResolver(environment: context.environment)
        func secret(_ file: String?, _ variable: String) throws -> Secret<String>? {
            if let file { return try secrets.resolve(.file(AbsolutePath.of(file))) }
            return context.environment[variable] == nil ? nil : try secrets.resolve(.environment(variable))
        }
        var configuration = ControllerConfiguration(
            desiredState: try desiredState.origin, dataDirectory: AbsolutePath.of(dataDirectory),
            interface: try authentication.interface(at: listen, secrets),
            stateDatabase: try secret(stateDatabaseFile, "SLUICE_STATE_DATABASE"), environment: context.environment)
        configuration.configurationPolicy = desiredState.policy
        configuration.identityProvider = authentication.identityProvider
        configuration.trustedHosts = trustHost
        if let interval = desiredState.interval { configuration.rereadInterval = interval.duration }
        configuration.interface.webhookRate = webhookRate
        configuration.historyRetention = historyAge.map { RetentionPolicy(age: $0.duration, newest: historyKeep) }
        configuration.migrations = try migrations.programs(
            directory: configuration.migrationDirectory,
            hasAccessToken: configuration.interface.requiresAuthentication)
        configuration.answersPatchTracking = tracking.isAnswered
        configuration.trackingForge = tracking.forge
        configuration.publicURL = publicUrl
        configuration.isPersonal = authentication.personal
        if let failpoint = context.environment["SLUICE_FAILPOINT"] {
            configuration.failpoints = try KillingFailpoints(failpoint)
        }
        // Known before a database server is started for it.
        try listen.requireFree()
        let controller = try await Controller.open(configuration, logger: .toStandardError(logLevel.level, logFormat))
        let host = listen.host
        let manager = ServiceManager(environment: context.environment)
        try await controller.run { port in
            context.console.say("sluice \(Version.text) listens on http://\(host):\(port ?? 0)")
            manager.ready()
        }
    }
}

/// How much is logged.
enum LogLevel: String, CaseIterable, ExpressibleByArgument, Sendable {
    case debug, info, notice, warning, error

    var level: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        }
    }
}

/// Where the interface listens: `host:port`.
struct ListenAddress: ExpressibleByArgument, Sendable, CustomStringConvertible {
    let host: String
    let port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    init?(argument: String) {
        guard let colon = argument.unicodeScalars.lastIndex(of: ":"),
            let port = UInt16(argument[argument.index(after: colon)...])
        else { return nil }
        let host = argument[..<colon]
        self.init(
            host: host.isEmpty ? "127.0.0.1" : String(host.trimmingPrefix("[").prefix { $0 != "]" }), port: Int(port))
    }

    var description: String { "\(host):\(port)" }

    var defaultValueDescription: String { description }
}
