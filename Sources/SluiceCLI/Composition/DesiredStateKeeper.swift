import AccessControl
import CandidateDatabases
import ConfigRepository
import DesiredState
import Diagnostics
import Logging
import StateStore

/// Keeps the desired state that is in force at hand. The store has it; this remembers what it said, and asks before every
/// answer whether that is still so.
///
/// A change of desired state commits together with the wishes that its objects be looked at. Whoever takes up such a wish,
/// in this process or in another, has to see the change: a registry that is looked at by yesterday's state is one that is
/// not desired, and nobody would look again before its timer.
actor DesiredStateKeeper {
    private let store: StateStore
    private let logger: Logger
    private var known: (change: ConfigurationLog.Mark?, state: StateInForce)?

    init(store: StateStore, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    /// What is in force.
    func state() async throws -> StateInForce {
        // Read before the objects: what changes meanwhile is read once more the next time, never missed.
        let change = try await store.configuration.latest()
        if let known, known.change == change { return known.state }
        let state = StateInForce(try await store.inForce())
        if !state.access.isEmpty { try await store.noteSharing() }
        known = (change, state)
        return state
    }

    /// Takes up what an earlier process left in force, then what the source says now, and has everything looked at.
    func start(_ configuring: ConfigurationReconciler?) async throws {
        if let configuring { try await takeUp(configuring) }
        let state = try await state()
        if state.isEmpty { logger.warning("nothing is in force yet") }
        var wishes = state.reconciled.map {
            EnqueueRequest($0.key, lane: .observe, reason: "start", liftsQuarantine: true)
        }
        if configuring != nil { wishes.append(EnqueueRequest(Configuration.key, lane: .observe, reason: "start")) }
        try await store.queue.enqueue(wishes)
    }

    /// Nobody waits for a source that does not answer: its own passes go on asking, while what is in force is kept.
    private func takeUp(_ configuring: ConfigurationReconciler) async throws {
        let patience: Duration = try await state().isEmpty ? .seconds(60) : .seconds(10)
        do {
            let isInTime = try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    try await configuring.takeUp()
                    return true
                }
                group.addTask {
                    try await ContinuousClock().sleep(for: patience)
                    return false
                }
                defer { group.cancelAll() }
                return try await group.next() ?? true
            }
            if !isInTime {
                logger.warning("the source of desired state does not answer; what was in force before stays")
            }
        } catch let error as SluiceError where error.kind == .conflict {
            logger.debug("another replica has brought desired state into force")
        }
    }
}
