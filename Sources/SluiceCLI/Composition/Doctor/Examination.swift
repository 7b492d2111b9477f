import ControlAPI
import DesiredState
import Diagnostics
import Doctor
import Foundation
import StateStore

/// Looks at everything that the controller works with, as the controller itself sees it: its account, its secrets, its way out.
///
/// Whoever asks while somebody is looking gets the same answer: an impatient person asks no host twice.
actor Examination: DoctorReports {
    let keeper: DesiredStateKeeper
    let store: StateStore
    let servers: DatabaseServers
    let forges: ForgeFactory
    let webhooks: ForgeWebhooks
    let configuration: ControllerConfiguration
    private var running: Task<DoctorReport, Never>?

    init(
        keeper: DesiredStateKeeper, store: StateStore, servers: DatabaseServers, forges: ForgeFactory,
        webhooks: ForgeWebhooks, configuration: ControllerConfiguration
    ) {
        self.keeper = keeper
        self.store = store
        self.servers = servers
        self.forges = forges
        self.webhooks = webhooks
        self.configuration = configuration
    }

    /// How long each place may take.
    static let patience = Duration.seconds(20)
    /// How long all of them may take together; what was not begun by then is not looked at.
    static let limit = Duration.seconds(100)

    func examine() async -> DoctorReport {
        if let running { return await running.value }
        let task = Task { await look() }
        running = task
        defer { running = nil }
        return await task.value
    }

    private func look() async -> DoctorReport {
        let deadline = ContinuousClock.now + Self.limit
        let seen = await observed(by: deadline) { try await self.stateStore() }
        let stateStore = StateStoreObservation.findings(seen)
        // All the rest is written there, in tables of our schema.
        guard case .success(let store) = seen, store.missingChanges.isEmpty else {
            return DoctorReport(stateStore + (await machineFindings(by: deadline)))
        }
        let known = await observed(by: deadline) {
            (try await self.keeper.state(), try await self.store.isShared())
        }
        let (state, isShared): (StateInForce, Bool)
        switch known {
        case .success(let value): (state, isShared) = value
        case .failure(let error):
            return DoctorReport(
                stateStore + [.failed("configuration.objects", error, fix: "see the controller's log")])
        }
        async let servers = serverFindings(state, by: deadline)
        async let forges = forgeFindings(state, by: deadline)
        async let objects = objectFindings(by: deadline)
        let machine = await machineFindings(for: state, by: deadline)
        let configuration = await configurationFindings(state, by: deadline)
        return DoctorReport(
            stateStore + configuration + access(state, isShared: isShared).findings + (await servers)
                + (await forges) + (await objects) + machine)
    }

    /// What a look ends in, soon.
    nonisolated func observed<Value: Sendable>(
        by deadline: ContinuousClock.Instant, _ look: @escaping @Sendable () async throws -> Value
    ) async -> Result<Value, SluiceError> {
        let left = min(Self.patience, deadline - .now)
        guard left > .zero else {
            return .failure(SluiceError("doctor.no-answer", .transient, "no time was left to look"))
        }
        return await Look.result(of: look, within: left)
    }
}
