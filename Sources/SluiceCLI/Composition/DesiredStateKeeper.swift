import CandidateDatabases
import ConfigRepository
import DesiredState
import Diagnostics
import Logging
import StateStore

/// Keeps the desired state that is in force at hand. The store has it; this remembers what it said.
actor DesiredStateKeeper {
    private let store: StateStore
    private let logger: Logger

    /// What is in force.
    private(set) var state = StateInForce()

    init(store: StateStore, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    /// Takes up what an earlier process left in force, then what the source says now, and has everything looked at.
    func start(_ configuring: ConfigurationReconciler?) async throws {
        try await reload()
        do {
            try await configuring?.takeUp()
        } catch let error as SluiceError where error.kind == .conflict {
            // Another replica has done it.
            try await reload()
        }
        if state.isEmpty { logger.warning("nothing is in force yet") }
        var wishes = state.registries.keys.sorted().map {
            EnqueueRequest(GateKey.registry($0), lane: .observe, reason: "start", liftsQuarantine: true)
        }
        if configuring != nil { wishes.append(EnqueueRequest(Configuration.key, lane: .observe, reason: "start")) }
        try await store.queue.enqueue(wishes)
    }

    /// Reads from the store what is in force.
    func reload() async throws { state = StateInForce(try await store.inForce()) }
}
