import CandidateDatabases
import DesiredState
import Notices
import OutboundHTTP
import Reconciliation
import ReleasePromotion
import StateStore
import UpstreamTracking

extension ControllerParts {
    /// The engine with all that it reconciles, and as many workers as the desired state asks for.
    func engine(for state: StateInForce) -> Engine {
        let deploys = state.servers.values.map(\.maxConcurrentDeploys)
        return Engine(
            store: store, reconcilers: gate + outflow + [inflow] + housekeeping, sweeps: sweeps,
            configuration: EngineConfiguration(
                worker: configuration.worker, workers: [.observe: 4, .deploy: max(2, deploys.reduce(0, +))],
                tenantLimit: [.deploy: deploys.max() ?? 2]),
            failpoints: configuration.failpoints, logger: logger, observer: { [metrics] in metrics.take($0) })
    }

    private var gate: [any Reconciler] {
        let fingerprints = ReferenceFingerprints()
        return [
            RegistryReconciler(directory: gates, fingerprints: fingerprints, store: store),
            BaseTemplateReconciler(directory: gates, fingerprints: fingerprints, schemas: schemas),
            CandidateReconciler(
                directory: gates, fingerprints: fingerprints, failures: BaseTemplateFailures(store: store),
                places: RecordedPlaces(store: store), schemas: schemas),
            CleanupReconciler(store: store) { [gates] in
                try await gates.cleanupServers()
            } isDesired: { [keeper] registry in
                try await keeper.state().registries[registry] != nil
            },
        ]
    }

    private var outflow: [any Reconciler] {
        let control = control
        return [
            ReleaseReconciler(
                directory: control, pins: PuppetfilePins.reading,
                checks: ReleaseChecks(TreeChecker(programs: PuppetPrograms(directory: configuration.checksDirectory))) {
                    NamedModules(repositories: control, modules: $0.modules)
                }, records: OutsideRecords(client: forges.outside.client),
                pinHistory: PinHistory { NamedModules(repositories: control, modules: $0.modules) }),
            DriftReconciler(directory: control),
        ]
    }

    private var inflow: any Reconciler { UpstreamReconciler(directory: upstreams, store: store) }

    private var housekeeping: [any Reconciler] {
        let channels = ChannelReconciler(
            store: store, sender: CountedNotices(sender: noticeSender, metrics: metrics),
            links: configuration.publicURL.map { NoticeLinks(below: $0) })
        return [channels] + (configuring.map { [$0] } ?? [])
    }

    private var noticeSender: OutboundNoticeSender {
        let outside = forges.outside
        return OutboundNoticeSender(
            client: outside.client, secrets: outside.secrets,
            mail: CurlMailCarrier(
                destinations: outside.client.destinations, directory: configuration.mailDirectory))
    }

    private var sweeps: [PeriodicSweep] {
        [Rounds.sweep(keeper, store), DeliveryHandling.retention(store), NoticeKeeping.sweep(store)]
            + (configuration.historyRetention.map { [HistoryKeeping.sweep(store, $0)] } ?? [])
    }
}
