import AccessControl
import CandidateDatabases
import ConfigRepository
import ControlAPI
import DesiredState
import Diagnostics
import GitClient
import Logging
import MigrationCommand
import Notices
import OutboundHTTP
import PostgresClient
import Reconciliation
import ReleasePromotion
import Sandbox
import ServiceLifecycle
import StateStore
import UnixSignals
import UpstreamTracking

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
    private let configuring: ConfigurationReconciler?
    private let gates: GateDirectory
    private let control: ControlRepositories
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
        configuring = try configuration.reconciler(store: store, forges: forges, logger: logger)
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
        control = ControlRepositories(
            keeper: keeper, forges: known, directory: configuration.controlDirectory, upkeep: upkeep
        ) { try await outside.transport(for: $0) }
        let schemas = BaseSchemas()
        engine = Self.engine(
            configuration, state, gates, control, OutsideRecords(client: outside.client),
            CountedNotices(
                sender: OutboundNoticeSender(
                    client: outside.client, secrets: outside.secrets,
                    mail: CurlMailCarrier(
                        destinations: outside.client.destinations, directory: configuration.mailDirectory)),
                metrics: metrics),
            Upstreams(keeper: keeper, forges: known, projects: control), schemas, store, keeper, configuring, metrics,
            logger)
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
            services: Self.services(
                configuration, gates: gates, schemas: schemas, keeper: keeper, store: store, engine: engine,
                inbox: deliveries.intake, servers: servers, forges: forges, judgedBranch: configuring?.judgedBranch,
                metrics: ScrapedMetrics(
                    metrics, shared: SharedReadings(store: store),
                    own: OwnReadings(store: store, client: outside.client),
                    worker: configuration.worker, logger: logger)),
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

    private static func engine(
        _ configuration: ControllerConfiguration, _ state: StateInForce, _ gates: GateDirectory,
        _ control: ControlRepositories, _ records: OutsideRecords, _ notices: CountedNotices,
        _ upstreams: Upstreams, _ schemas: BaseSchemas,
        _ store: StateStore, _ keeper: DesiredStateKeeper, _ configuring: ConfigurationReconciler?,
        _ metrics: ControllerMetrics,
        _ logger: Logger
    ) -> Engine {
        let fingerprints = ReferenceFingerprints()
        let deploys = max(2, state.servers.values.map(\.maxConcurrentDeploys).reduce(0, +))
        return Engine(
            store: store,
            reconcilers: [
                RegistryReconciler(directory: gates, fingerprints: fingerprints, store: store),
                BaseTemplateReconciler(directory: gates, fingerprints: fingerprints, schemas: schemas),
                CandidateReconciler(
                    directory: gates, fingerprints: fingerprints, failures: BaseTemplateFailures(store: store),
                    places: RecordedPlaces(store: store), schemas: schemas),
                ReleaseReconciler(
                    directory: control, pins: PuppetfilePins.reading,
                    checks: ReleaseChecks(
                        TreeChecker(programs: PuppetPrograms(directory: configuration.checksDirectory))
                    ) { NamedModules(repositories: control, modules: $0.modules) }, records: records,
                    pinHistory: PinHistory { NamedModules(repositories: control, modules: $0.modules) }),
                DriftReconciler(directory: control),
                UpstreamReconciler(directory: upstreams, store: store),
                ChannelReconciler(
                    store: store, sender: notices, links: configuration.publicURL.map { NoticeLinks(below: $0) }),
                CleanupReconciler(store: store) {
                    try await gates.cleanupServers()
                } isDesired: { registry in
                    try await keeper.state().registries[registry] != nil
                },
            ] + (configuring.map { [$0] } ?? []),
            sweeps: [Rounds.sweep(keeper, store), DeliveryHandling.retention(store), NoticeKeeping.sweep(store)]
                + (configuration.historyRetention.map { [HistoryKeeping.sweep(store, $0)] } ?? []),
            configuration: EngineConfiguration(
                worker: configuration.worker, workers: [.observe: 4, .deploy: deploys],
                tenantLimit: [.deploy: state.servers.values.map(\.maxConcurrentDeploys).max() ?? 2]),
            failpoints: configuration.failpoints, logger: logger, observer: { metrics.take($0) })
    }

    private static func services(
        _ configuration: ControllerConfiguration, gates: GateDirectory, schemas: BaseSchemas,
        keeper: DesiredStateKeeper, store: StateStore, engine: Engine, inbox: DeliveryIntake, servers: DatabaseServers,
        forges: ForgeFactory,
        judgedBranch: JudgedBranch?, metrics: ScrapedMetrics
    ) -> ControlServices {
        let byHand = ConfigurationByHand(
            store: store, policy: configuration.configurationPolicy,
            isSourceRead: configuration.desiredState != nil, judgedBranch: judgedBranch)
        let upstreams = DeskUpstreams(keeper: keeper, store: store, configuration: byHand)
        let webhooks = ForgeWebhooks(
            keeper: keeper, origin: configuration.desiredState,
            secrets: SecretResolver(environment: configuration.environment))
        return ControlServices(
            versions: GateVersions(gates: gates, store: store), tables: GateTables(gates: gates, store: store),
            schemaChanges: GateSchemaChanges(gates: gates, schemas: schemas, store: store),
            runs: store.history, retention: store.history,
            resources: StoredResources(
                store.resources,
                kinds: [GateKey.registryKind, GateKey.candidateKind, GateKey.baseTemplateKind]
                    + ResourceKind.allCases.map(\.rawValue).filter { $0 != GateKey.registryKind }
                    + [Configuration.kind]),
            events: store.events, requests: QueueRequests(keeper: keeper, store: store),
            plans: engine, cleanups: GateCleanups(engine: engine, keeper: keeper, store: store),
            changes: store.configuration,
            webhooks: webhooks, inbox: inbox, deliveries: store.deliveries, notices: store.notices,
            hosts: HostReports(client: forges.outside.client),
            releases: DeskReleases(keeper: keeper, store: store, configuration: byHand),
            upstreams: upstreams,
            tracking: configuration.answersPatchTracking
                ? DeskTracking(keeper: keeper, store: store, upstreams: upstreams, forge: configuration.trackingForge)
                : nil, configuration: byHand,
            access: KeptAccess(keeper: keeper, store: store), tokens: store.tokens, audit: store.audit,
            metrics: metrics, readiness: ControllerReadiness(keeper: keeper, store: store),
            doctor: Examination(
                keeper: keeper, store: store, servers: servers, forges: forges, webhooks: webhooks,
                configuration: configuration))
    }
}
