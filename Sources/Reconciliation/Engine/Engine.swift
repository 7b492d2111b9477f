public import DesiredState
public import Diagnostics
public import Foundation
public import Logging
import NIOConcurrencyHelpers
public import StateStore

/// The engine: it takes keys from the work queue and has their reconcilers called, on as many workers as each lane has.
///
/// It keeps leases alive, cancels what something newer superseded, retries by the kind of the error, takes over what dead
/// processes left, and writes how each pass ended. Any number of engines may work on one store; there is no leader.
/// It knows keys and reconcilers; it must not know a domain, a forge or a changelog.
///
/// ## Topics
/// - ``Reconciler``, ``PlanningReconciler``: what a domain provides
/// - ``PeriodicSweep``: work that is done again and again
/// - ``run()``, ``stop()``: as a service
/// - ``drain(limit:)``: everything that is due, one key after another, for tests and one-shot commands
/// - ``preview(_:)``: what would be done
public final class Engine: Sendable {
    let store: StateStore
    let reconcilers: [String: any Reconciler]
    let sweeps: [PeriodicSweep]
    let configuration: EngineConfiguration
    let life: Life
    let randomness: Randomness
    let clock: any Clock<Duration>
    let now: @Sendable () -> Date
    let logger: Logger
    private let observer: @Sendable (EngineEvent) -> Void
    let floor = WorkFloor()

    /// Makes an engine.
    ///
    /// - Parameters:
    ///   - reconcilers: One for each kind; keys of other kinds are left in the queue for others.
    ///   - now: The time by which suspensions run out.
    ///   - observer: Told what happens. Called from many tasks at once; must not block.
    public init(
        store: StateStore, reconcilers: [any Reconciler], sweeps: [PeriodicSweep] = [],
        configuration: EngineConfiguration, failpoints: any Failpoints = NoFailpoints(),
        randomness: Randomness = .system, clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Date = { Date() }, logger: Logger,
        observer: @escaping @Sendable (EngineEvent) -> Void = { _ in }
    ) {
        self.store = store
        self.sweeps = sweeps
        self.configuration = configuration
        life = Life(failpoints: failpoints)
        self.randomness = randomness
        self.clock = clock
        self.now = now
        self.logger = logger
        self.observer = observer
        var byKind = Dictionary(reconcilers.map { ($0.kind, $0) }, uniquingKeysWith: { _, last in last })
        if !sweeps.isEmpty { byKind[PeriodicSweep.kind] = SweepReconciler(sweeps) }
        self.reconcilers = byKind
    }

    /// Works until ``stop()`` is called or the task is cancelled, and returns when every pass has come to an end.
    ///
    /// A cancelled task has its passes cancelled; their keys are given back and wait. The store being out of reach is no
    /// reason to end: the engine tries again.
    ///
    /// Throws ``SimulatedCrash`` when a failpoint did, and nothing else.
    public func run() async throws {
        let work = Task { try await self.runLanes() }
        let background = Task { await self.runBackground() }
        let deadline = Task {
            await self.floor.waitForStop()
            try await self.clock.sleep(for: self.configuration.drainTimeout)
            work.cancel()
        }
        let result = await withTaskCancellationHandler {
            await work.result
        } onCancel: {
            work.cancel()
        }
        deadline.cancel()
        background.cancel()
        await background.value
        try result.get()
    }

    /// Takes no new keys, lets passes under way come to their end within the drain timeout, cancels the rest, and has
    /// ``run()`` return.
    public func stop() { floor.stop() }

    /// What would be done about a key now. Nothing is carried out.
    public func preview(_ key: ResourceKey) async throws -> PlanPreview {
        guard let reconciler = reconcilers[key.kind] else {
            throw SluiceError(
                "resource.unknown-kind", .stalled, "nothing reconciles objects of the kind \(key.kind)",
                hint: Suggestion.nearest(to: key.kind, in: reconcilers.keys).map { "did you mean \($0)?" })
        }
        let resource = try await store.resources.get(key)
        return try await reconciler.preview(ReconcileRequest(key: key, resource: resource))
    }

    func report(_ event: EngineEvent) { observer(event) }

    private func runLanes() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for lane in Lane.allCases where configuration.workers[lane, default: 0] > 0 {
                group.addTask { try await LaneDispatcher(engine: self, lane: lane).run() }
            }
        }
    }
}
