import DesiredState
import Diagnostics
import Logging
import NIOConcurrencyHelpers
import Reconciliation
import StateStore
import StateStoreSupport

/// A world outside that remembers what was done to it, and a reconciler that keeps it in order: each object's spec lists
/// the effects that should be there.
final class TestWorld: Sendable {
    private struct State {
        var effects: [String: [String]] = [:]
        var applied: [String: Int] = [:]
    }

    private let state = NIOLockedValueBox(State())

    /// The effects that are there, of an object.
    func effects(_ name: String) -> [String] { state.withLockedValue { $0.effects[name, default: []] } }

    /// How often any effect was had that was there already.
    var repeats: Int { state.withLockedValue { $0.applied.values.count { $0 > 1 } } }

    func apply(_ effect: String, to name: String) {
        state.withLockedValue {
            $0.effects[name, default: []].append(effect)
            $0.applied["\(name) \(effect)", default: 0] += 1
        }
    }
}

/// Has the effects that an object's spec lists and that are not there yet, one after the other.
struct WorldReconciler: PlanningReconciler {
    let kind = "Thing"
    let world: TestWorld
    /// Called in the middle of each effect, before it is there.
    var during: @Sendable (PlannedTask, TaskContext) async throws -> Void = { _, _ in }

    func observe(_ request: ReconcileRequest) -> [String] { world.effects(request.key.name) }

    func plan(_ present: [String], for request: ReconcileRequest) -> Plan<PlannedTask> {
        let spec = request.resource?.spec
        let wanted = spec?["effects"]?.array?.compactMap(\.string) ?? []
        return Plan(
            wanted.filter { !present.contains($0) }.map { PlannedTask($0, target: request.key.name) },
            revision: spec?["revision"]?.string, in: spec?["slow"] == true ? .deploy : nil,
            then: .ready("everything is there"))
    }

    func apply(_ action: PlannedTask, _ present: [String], in task: TaskContext) async throws -> TaskOutcome {
        try await during(action, task)
        world.apply(action.action, to: action.target)
        return .done(["effect": .string(action.action)])
    }
}

/// A thing of the test world.
func thing(_ name: String) -> ResourceKey { ResourceKey(kind: "Thing", name: name) }

extension StateStore {
    /// Stores a thing that wants effects, and enqueues it.
    @discardableResult
    func want(
        _ effects: [String], of name: String = "a", revision: String? = nil, slow: Bool = false, lane: Lane = .deploy
    ) async throws -> WorkTicket {
        let spec: JSONValue = [
            "effects": .array(effects.map { .string($0) }), "slow": .bool(slow),
            "revision": revision.map { .string($0) } ?? .null,
        ]
        try await resources.store([DesiredResource(thing(name), spec: spec)])
        return try await queue.enqueue(
            EnqueueRequest(thing(name), lane: lane, reason: "wanted", superseding: revision))
    }

    /// An engine on this store that makes no noise.
    func engine(
        _ reconcilers: [any Reconciler], sweeps: [PeriodicSweep] = [], worker: String = "one",
        failpoints: any Failpoints = NoFailpoints(),
        configure: (inout EngineConfiguration) -> Void = { _ in },
        observer: @escaping @Sendable (EngineEvent) -> Void = { _ in }
    ) -> Engine {
        var configuration = EngineConfiguration.patient(worker: worker)
        configuration.drainTimeout = .seconds(3600)
        configure(&configuration)
        return Engine(
            store: self, reconcilers: reconcilers, sweeps: sweeps, configuration: configuration,
            failpoints: failpoints, randomness: Randomness { 0 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, observer: observer)
    }
}

/// A gate that tasks wait at until it is opened.
final class Gate: Sendable {
    private let opening = AsyncStream<Void>.makeStream()

    /// Lets everybody through, now and later. One task may wait.
    func open() { opening.continuation.finish() }

    /// Waits until the gate is open or the task is cancelled, which throws.
    func pass() async throws {
        for await _ in opening.stream {}
        try Task.checkCancellation()
    }
}
