import AccessControl
import CandidateDatabases
import ConfigRepository
import ControlAPI
import DesiredState
import Reconciliation
import StateStore

extension ControllerParts {
    /// What the interface asks, behind its protocols.
    ///
    /// - Parameters:
    ///   - engine: Asked what it would do.
    ///   - inbox: Where webhooks are kept before they are heeded.
    func services(engine: Engine, inbox: DeliveryIntake) -> ControlServices {
        let byHand = ConfigurationByHand(
            store: store, policy: configuration.configurationPolicy,
            isSourceRead: configuration.desiredState != nil, judgedBranch: configuring?.judgedBranch)
        let upstreams = DeskUpstreams(keeper: keeper, store: store, configuration: byHand)
        let webhooks = ForgeWebhooks(
            keeper: keeper, origin: configuration.desiredState,
            secrets: SecretResolver(environment: configuration.environment))
        return ControlServices(
            versions: GateVersions(gates: gates, store: store), tables: GateTables(gates: gates, store: store),
            schemaChanges: GateSchemaChanges(gates: gates, schemas: schemas, store: store),
            runs: store.history, retention: store.history,
            resources: StoredResources(store.resources, kinds: Self.kinds),
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
            metrics: scrapedMetrics, readiness: ControllerReadiness(keeper: keeper, store: store),
            doctor: Examination(
                keeper: keeper, store: store, servers: servers, forges: forges, webhooks: webhooks,
                configuration: configuration))
    }

    /// The kinds whose objects can be asked for.
    private static var kinds: [String] {
        [GateKey.registryKind, GateKey.candidateKind, GateKey.baseTemplateKind]
            + ResourceKind.allCases.map(\.rawValue).filter { $0 != GateKey.registryKind }
            + [Configuration.kind]
    }

    private var scrapedMetrics: ScrapedMetrics {
        ScrapedMetrics(
            metrics, shared: SharedReadings(store: store),
            own: OwnReadings(store: store, client: forges.outside.client), worker: configuration.worker,
            logger: logger)
    }
}
