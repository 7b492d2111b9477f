public import DesiredState
public import StateStore

/// Work that is done again and again: list the world, compare, enqueue what differs. The source of truth beside which
/// every event is only a hint.
///
/// A sweep is an ordinary key of the queue, `Sweep/<name>`: over all replicas it runs once an interval, it has retries and
/// a history like everything else, and whoever is impatient enqueues it.
public struct PeriodicSweep: Sendable {
    /// The kind of the keys of sweeps.
    public static let kind = "Sweep"

    /// What tells it from other sweeps.
    public let name: String
    /// How often; jitter is added.
    public let interval: Duration
    /// Which workers do it.
    public let lane: Lane
    let body: @Sendable (ReconcileRequest, ReconcileContext) async throws -> ReconcileResult

    /// The key under which it is enqueued.
    public var key: ResourceKey { ResourceKey(kind: Self.kind, name: name) }

    /// Makes a sweep.
    public init(
        _ name: String, every interval: Duration, in lane: Lane = .observe,
        _ body: @escaping @Sendable (ReconcileRequest, ReconcileContext) async throws -> ReconcileResult
    ) {
        self.name = name
        self.interval = interval
        self.lane = lane
        self.body = body
    }
}

/// The reconciler of all sweeps of an engine.
struct SweepReconciler: Reconciler {
    let kind = PeriodicSweep.kind
    let sweeps: [String: PeriodicSweep]

    init(_ sweeps: [PeriodicSweep]) {
        self.sweeps = Dictionary(sweeps.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
    }

    func reconcile(_ request: ReconcileRequest, in context: ReconcileContext) async throws -> ReconcileResult {
        guard let sweep = sweeps[request.key.name] else {
            return .stalled("this version has no sweep of that name", reason: "UnknownSweep")
        }
        return try await sweep.body(request, context)
    }

    func preview(_ request: ReconcileRequest) -> PlanPreview {
        PlanPreview(key: request.key, revision: nil, tasks: [], result: .ready("a sweep looks, and enqueues"))
    }

    func resyncInterval(of key: ResourceKey) -> Duration? { sweeps[key.name]?.interval }
}
