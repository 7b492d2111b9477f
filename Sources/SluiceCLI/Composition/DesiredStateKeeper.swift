import CandidateDatabases
import DesiredState
import Diagnostics
import Foundation
import Logging
import StateStore

/// Keeps the desired state that is in force: reads the directory, stores what it says, has changed registries looked at
/// and removes what has left.
///
/// A directory is taken as a whole or not at all. One with a mistake leaves the last good state in force, and so does
/// one from which more has gone than the budget allows, or everything: an unmounted volume must not end a registry.
actor DesiredStateKeeper {
    /// The object whose events tell of the directory.
    static let eventKey = ResourceKey(kind: "Configuration", name: "directory")

    private let directory: String
    private let pruneBudget: Int
    private let store: StateStore
    private let logger: Logger
    private var lastRead: [Resource<ResourceSpec>]?
    private var lastProblem: String?

    /// What is in force.
    private(set) var state = StateInForce()

    init(directory: String, pruneBudget: Int, store: StateStore, logger: Logger) {
        self.directory = directory
        self.pruneBudget = pruneBudget
        self.store = store
        self.logger = logger
    }

    /// What is wrong with the directory as it is now, safe to show anyone; nil when nothing is.
    var problem: String? { lastProblem }

    /// Takes up what an earlier process left in force, then reads the directory.
    func start() async throws {
        state = StateInForce(stored: try await stored())
        await refresh()
        if let problem = lastProblem, state.isEmpty {
            logger.error("nothing is in force until the directory of desired state is mended: \(problem)")
        }
        try await enqueue(state.registries.keys.sorted(), because: "start")
    }

    /// Reads the directory again. Mistakes in it are said, and remembered until they are mended.
    func refresh() async {
        do {
            let read = try DesiredStateReader().read(directory: directory)
            for warning in read.warnings { logger.warning("\(warning)") }
            if read.resources != lastRead { try await apply(read) }
            lastRead = read.resources
            if lastProblem != nil { logger.notice("the directory of desired state is in order again") }
            lastProblem = nil
        } catch let error as DiagnosticsError {
            await report(error.description, error.sluiceError)
        } catch {
            let error = SluiceError(wrapping: error)
            await report(error.description, error)
        }
    }

    private func apply(_ read: DesiredState) async throws {
        let keys = Set(read.resources.map(\.key))
        let leaving = try await stored().filter { $0.deletionRequestedAt == nil && !keys.contains($0.key) }
        try requireBudget(for: leaving.map(\.key), of: read)
        let changes = try await store.resources.store(
            read.resources.map { resource in
                DesiredResource(
                    resource.key, spec: resource.spec.json, metadata: try JSONValue(encoding: resource.metadata))
            })
        state = StateInForce(read)
        try await remove(leaving)
        let changed = changes.filter { $0.effect != .kept }.map(\.key)
        guard !changed.isEmpty || !leaving.isEmpty else { return }
        logger.notice(
            "desired state changed",
            metadata: [
                "changed": "\(changed.map(\.description).joined(separator: ", "))",
                "left": "\(leaving.map(\.key.description).joined(separator: ", "))",
            ])
        try await enqueue(registriesConcerned(by: changed), because: "spec changed")
    }

    private func requireBudget(for leaving: [ResourceKey], of read: DesiredState) throws {
        guard leaving.count > pruneBudget || (read.resources.isEmpty && !leaving.isEmpty) else { return }
        let names = leaving.prefix(5).map(\.description).joined(separator: ", ")
        throw SluiceError(
            "desired-state.too-much-removed", .stalled,
            read.resources.isEmpty
                ? "the directory has no resources any more, while \(leaving.count) are in force"
                : "\(leaving.count) resources have left the directory; \(pruneBudget) may leave at a time",
            hint: "bring them back, or let them go in smaller steps: \(names)\(leaving.count > 5 ? ", …" : "")")
    }

    /// Registries go by way of their reconciler; the other kinds have nothing of their own in the world.
    private func remove(_ leaving: [StoredResource]) async throws {
        let registries = leaving.map(\.key).filter { $0.kind == ResourceKind.registry.rawValue }
        try await store.resources.requestDeletion(of: registries)
        try await enqueue(registries.map(\.name), because: "left desired state")
        for key in leaving.map(\.key) where key.kind != ResourceKind.registry.rawValue {
            try await store.resources.remove(key)
        }
    }

    /// A changed forge or server may concern every registry.
    private func registriesConcerned(by changed: [ResourceKey]) -> [String] {
        let isForOthers = changed.contains { $0.kind != ResourceKind.registry.rawValue }
        return isForOthers
            ? state.registries.keys.sorted()
            : changed.filter { $0.kind == ResourceKind.registry.rawValue }.map(\.name)
    }

    private func enqueue(_ registries: [String], because reason: String) async throws {
        try await store.queue.enqueue(
            registries.map {
                EnqueueRequest(GateKey.registry($0), lane: .observe, reason: reason, liftsQuarantine: true)
            })
    }

    private func stored() async throws -> [StoredResource] {
        var all: [StoredResource] = []
        for kind in ResourceKind.allCases { all += try await store.resources.list(kind: kind.rawValue) }
        return all
    }

    private func report(_ problem: String, _ error: SluiceError) async {
        guard problem != lastProblem else { return }
        lastProblem = problem
        logger.error("the directory of desired state is refused, the last good state stays in force:\n\(problem)")
        let event = NewEvent(.warning, reason: "DesiredStateRefused", message: problem)
        do {
            try await store.events.append([event], to: Self.eventKey)
        } catch {
            logger.warning("the refusal could not be recorded: \(SluiceError(wrapping: error))")
        }
    }
}
