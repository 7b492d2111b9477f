import AccessControl
import CandidateDatabases
import ConfigRepository
import ControlAPI
import DesiredState
import Diagnostics
import GitClient
import Logging
import MigrationCommand
import PostgresClient
import Reconciliation
import Sandbox
import ServiceLifecycle
import StateStore
import UnixSignals

/// A whole controller, put together: state store, desired state, gate, engine and HTTP interface.
///
/// The composition is the only place that knows all rooms. It decides nothing: it makes the parts, hands each what it
/// asks for by its protocols, starts them in order and stops them in the reverse order.
struct Controller: Sendable {
    private let configuration: ControllerConfiguration
    private let logger: Logger
    private let home: DataDirectory
    private let cluster: PrivateCluster
    private let servers: DatabaseServers
    private let store: StateStore
    private let keeper: DesiredStateKeeper
    private let gates: GateDirectory
    private let engine: Engine
    private let deliveries: DeliveryHandling
    private let interface: ControlAPI
    private let localToken: LocalToken

    /// Makes a controller: starts the private database server when one is needed, brings the controller's own tables to
    /// today's schema and reads the desired state. Nothing is reconciled before ``run(onListening:)``.
    static func open(_ configuration: ControllerConfiguration, logger: Logger) async throws -> Controller {
        let cluster = PrivateCluster(directory: configuration.clusterDirectory, logger: logger)
        do {
            return try await Controller(configuration, cluster: cluster, logger: logger)
        } catch {
            await cluster.stop()
            throw error
        }
    }

    private init(_ configuration: ControllerConfiguration, cluster: PrivateCluster, logger: Logger) async throws {
        self.configuration = configuration
        self.logger = logger
        self.cluster = cluster
        home = try DataDirectory(configuration.dataDirectory)
        // Nobody else uses the directory now: what is there was left by a process that died.
        for directory in [configuration.migrationDirectory, configuration.checksDirectory] {
            try SandboxWorkspace(directory: directory).sweep()
        }
        GitTransport(allowing: [], scratchDirectory: configuration.gitScratchDirectory).sweepScratch()
        try await configuration.migrations.check()
        if configuration.stateDatabase == nil {
            logger.notice(
                "no state database is configured: the private PostgreSQL server keeps the controller's own tables",
                metadata: ["directory": "\(configuration.clusterDirectory)"])
        }
        store = try await StateDatabase.open(configuration, cluster: cluster, logger: logger)
        if configuration.isPersonal { try await store.forgetSharing() }
        keeper = DesiredStateKeeper(store: store, logger: logger)
        let metrics = ControllerMetrics()
        let forges = ForgeFactory(
            outside: Outside(configuration, observer: { metrics.take($0) }), logger: logger)
        let outside = forges.outside
        let configuring = try configuration.reconciler(store: store, forges: forges, logger: logger)
        try await keeper.start(configuring)
        let state = try await keeper.state()
        if state.needsPrivateServer {
            logger.notice("candidate databases are made on the private PostgreSQL server")
            _ = try await cluster.configuration()
        }
        servers = DatabaseServers(
            cluster: cluster, secrets: SecretResolver(environment: configuration.environment),
            claims: ServerClaims(installation: try await store.installation()))
        let known = KnownForges(forges)
        let upkeep = MirrorUpkeep(logger: logger)
        gates = GateDirectory(
            keeper: keeper, servers: servers, forges: known,
            repositories: Repositories(directory: configuration.mirrorDirectory, upkeep: upkeep) {
                try await outside.transport(for: $0)
            }, migrations: configuration.migrations)
        let control = ControlRepositories(
            keeper: keeper, forges: known, directory: configuration.controlDirectory, upkeep: upkeep
        ) { try await outside.transport(for: $0) }
        let parts = ControllerParts(
            configuration: configuration, store: store, keeper: keeper, configuring: configuring, servers: servers,
            forges: forges, gates: gates, control: control,
            upstreams: Upstreams(keeper: keeper, forges: known, projects: control), metrics: metrics, logger: logger)
        engine = parts.engine(for: state)
        deliveries = DeliveryHandling(
            keeper: keeper, origin: configuration.desiredState, store: store, logger: logger)
        localToken = LocalToken(directory: configuration.dataDirectory)
        var face = configuration.interface
        face.authentication.localToken = localToken.secret
        face.authentication.tokens = store.tokens
        face.authentication.identities = configuration.identityProvider.map {
            ProviderDocuments(client: outside.client).verifier(of: $0, logger: logger)
        }
        interface = ControlAPI(
            configuration: face,
            services: parts.services(engine: engine, inbox: deliveries.intake),
            logger: logger, observer: { metrics.take($0) })
    }

    /// Works until SIGTERM or SIGINT, then comes to an orderly end: the interface closes, passes under way are given
    /// time to finish, the private server stops last.
    ///
    /// A cancelled task has the same orderly end.
    ///
    /// - Parameter onListening: Told the port once the interface takes requests.
    func run(onListening: @escaping @Sendable (Int?) async -> Void = { _ in }) async throws {
        if let former = try home.handOver(to: configuration.worker) {
            try await store.queue.expireLeases(heldBy: former)
        }
        let services: [(any Service, String)] = [
            (cluster, "private PostgreSQL"),
            (DesiredStateWatch(store: store, logger: logger), "desired state"),
            (ServerClaimWatch(keeper: keeper, servers: servers, logger: logger), "claims on servers"),
            (EngineService(engine: engine), "engine"),
            (
                LocalForgeWatch(
                    keeper: keeper, origin: configuration.desiredState, store: store, logger: logger),
                "local repositories"
            ),
            (deliveries, "webhooks"),
            (VerdictHazardWatch(gates: gates, store: store, logger: logger), "settings of forges"),
            (
                interface.server { port in
                    leaveLocalToken(port)
                    await onListening(port)
                }, "HTTP interface"
            ),
        ]
        var settings = ServiceGroupConfiguration(
            services: services.map { .init(service: $0.0, serviceName: $0.1) },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        settings.maximumGracefulShutdownDuration = .seconds(60)
        let group = ServiceGroup(configuration: settings)
        // A task of its own: being cancelled must become a shutdown, not a cancellation of everything at once.
        let work = Task { try await group.run() }
        let outcome = await withTaskCancellationHandler {
            await work.result
        } onCancel: {
            Task { await group.triggerGracefulShutdown() }
        }
        localToken.remove()
        await servers.close()
        await store.pool.close()
        await cluster.stop()
        try outcome.get()
    }

    /// Without it nobody is locked out: it is one way in among several.
    private func leaveLocalToken(_ port: Int?) {
        // Programs of candidates run as our own account then, and could read it.
        guard configuration.migrations.confinement != .none || configuration.migrations.programs.isEmpty else { return }
        do {
            if let port { try localToken.leave(port: port) }
        } catch {
            logger.warning("no local token is left", metadata: ["error": "\(String(reflecting: error))"])
        }
    }

    /// How the administrator of the private server connects; starts it when it does not run yet.
    func privateServer() async throws -> PostgresConfiguration { try await cluster.configuration() }
}
