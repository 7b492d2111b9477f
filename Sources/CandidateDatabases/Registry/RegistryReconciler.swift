public import DesiredState
import Diagnostics
import Forges
public import Foundation
import GitClient
public import Reconciliation
public import StateStore

/// The sweep of a registry: finds the candidates that need something, and what is left of those that are gone.
///
/// Hooks and requests only make it run sooner; the timer alone is enough. It lists, compares and marks. Databases of
/// candidates are the candidates' own business; only what no candidate accounts for is dropped here.
public struct RegistryReconciler: PlanningReconciler {
    /// The kind of its keys.
    public let kind = GateKey.registryKind
    let directory: any RegistryDirectory
    let fingerprints: ReferenceFingerprints
    let store: StateStore
    let now: @Sendable () -> Date

    /// Makes the reconciler; the store tells which candidates are known.
    public init(
        directory: any RegistryDirectory, fingerprints: ReferenceFingerprints, store: StateStore,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.directory = directory
        self.fingerprints = fingerprints
        self.store = store
        self.now = now
    }

    /// A sweep that failed or is stalled is made again after a minute whatever happens: the timer alone must suffice.
    public func resyncInterval(of key: ResourceKey) -> Duration? { .seconds(60) }

    /// A registry with what was seen of it; nil when it is not desired any more.
    public struct Sight: Sendable {
        let registry: GateRegistry
        /// The registry on other servers where its candidates are, as far as they can be reached.
        let elsewhere: [String: GateRegistry]
        /// Why other servers cannot be looked at: they are away, or something is missing there.
        let troubles: [String: String]
        let seen: RegistryObservation
        /// The reference database on the registry's own server.
        let reference: RecordedReference
        let titles: [CandidateID: String]
        let policy: RegistryPlan.Policy
        let brokenBases: [String]
        /// Base templates that no open candidate stands on: their databases stay as long as there is room, their rows go.
        let forgottenTemplates: [ResourceKey]
    }

    /// A decision of the sweep that has an effect outside of the store.
    public struct Effect: PlannedAction, Hashable {
        let action: RegistryPlan.Action
        /// What is recorded of it.
        public let task: PlannedTask

        init?(_ action: RegistryPlan.Action) {
            guard let task = action.task else { return nil }
            self.action = action
            self.task = task
        }
    }

    /// What has an effect among what the sweep decides.
    public func plan(_ sight: Sight?, for request: ReconcileRequest) -> Plan<Effect> {
        guard let sight else { return Plan([], then: .removed) }
        if let suspension = sight.registry.spec.suspension(at: now()) {
            return Plan([], then: .suspended(suspension))
        }
        let plan = decide(sight)
        return Plan(plan.actions.compactMap(Effect.init), then: result(of: plan, sight))
    }

    /// Observes, has candidates looked at, and carries out what has an effect.
    public func reconcile(
        _ request: ReconcileRequest, in context: ReconcileContext
    ) async throws -> ReconcileResult {
        let sight = try await observe(request)
        let plan = plan(sight, for: request)
        guard let sight, sight.registry.spec.suspension(at: now()) == nil else { return plan.result }
        for action in decide(sight).actions { try await note(action, sight, in: context) }
        for key in sight.forgottenTemplates { try await store.resources.remove(key) }
        // Before the first deletion: a sweep that dies in the middle asks again, and none goes by a word that was used before.
        if sight.policy.confirmedDeletions > 0 {
            try await DeletionConfirmation.use(sight.policy.confirmedDeletions, for: sight.registry.name, in: store)
        }
        let report = try await context.carryOut(plan.actions) { effect, _ in
            try await apply(effect, sight, in: context)
        }
        context.setStatus(status(of: sight))
        let result = try conclude(plan, report, sight)
        tell(result, after: request.resource?.conditions[.stalled], in: context)
        return result
    }

    /// Notes why the registry waits for a person: once, and again when that changes.
    private func tell(_ result: ReconcileResult, after known: Condition?, in context: ReconcileContext) {
        guard case .stalled = result.standing,
            known?.status != .true || known?.reason != result.reason || known?.message != result.message
        else { return }
        context.note(.warning, reason: result.reason, result.message)
    }

    /// Carries out one effect.
    public func apply(_ effect: Effect, _ sight: Sight?, in task: TaskContext) async throws -> TaskOutcome {
        guard let sight else { return .notNeeded(because: "the registry is not desired any more") }
        return try await apply(effect, sight, in: task.context)
    }

    private func apply(
        _ effect: Effect, _ sight: Sight, in context: ReconcileContext
    ) async throws -> TaskOutcome {
        switch effect.action {
        case .dismantle(let id, _):
            let key = GateKey.candidate(id.rawValue, of: sight.registry.name)
            try await context.store.resources.requestDeletion(of: [key])
            try await context.enqueue(EnqueueRequest(key, lane: .deploy, reason: "gone", superseding: "gone"))
        case .dropOrphan(let name, let server), .evictBaseTemplate(let name, let server):
            let place = server.map { sight.elsewhere[$0] } ?? sight.registry
            try await place?.databases.drop(name)
        case .publishMaster(let template, let base, let key):
            try await publishMaster(template, base: base, key: key, of: sight.registry)
        case .look, .prepare, .resumeDismantling, .noteAbsence, .forgetAbsence:
            return .notNeeded(because: "it has no effect")
        }
        return .done()
    }

    private func decide(_ sight: Sight) -> RegistryPlan {
        RegistryPlan.decide(sight.seen, sight.policy, names: sight.registry.names)
    }

    /// Carries out what is only remembered or asked for.
    private func note(_ action: RegistryPlan.Action, _ sight: Sight, in context: ReconcileContext) async throws {
        let registry = sight.registry.name
        switch action {
        case .look(let id, let revision):
            try await remember(id, absentSince: nil, sight)
            try await context.enqueue(
                EnqueueRequest(
                    GateKey.candidate(id.rawValue, of: registry), lane: .deploy,
                    reason: "revision \(revision.abbreviated)",
                    superseding: revision.hex))
        case .noteAbsence(let id, let since): try await remember(id, absentSince: since, sight)
        case .forgetAbsence(let id): try await remember(id, absentSince: nil, sight)
        case .resumeDismantling(let id):
            let key = GateKey.candidate(id.rawValue, of: registry)
            try await context.enqueue(EnqueueRequest(key, lane: .deploy, reason: "gone", superseding: "gone"))
        case .prepare(let base):
            let key = GateKey.baseTemplate(base, of: registry)
            try await context.store.resources.store([
                DesiredResource(key, spec: [:], owner: GateKey.registry(registry))
            ])
            try await context.enqueue(EnqueueRequest(key, lane: .deploy, reason: "the branch's head"))
        case .publishMaster, .dismantle, .dropOrphan, .evictBaseTemplate: return
        }
    }

    private func publishMaster(
        _ template: String, base: ObjectID, key: ContentKey, of registry: GateRegistry
    ) async throws {
        let (server, names) = (registry.databases, registry.names)
        let provenance = Provenance(
            instance: registry.serverSpec.instance, registry: registry.name, role: .master, candidate: nil,
            revision: base, base: base, key: key, state: .deployed, at: now())
        for leftover in [names.masterBuild, names.masterRetired] { try await server.drop(leftover) }
        if let shown = try await server.provenance(of: names.master), shown.key == key {
            return try await server.stamp(names.master, provenance)
        }
        try await server.clone(template, into: names.masterBuild, provenance)
        try await server.admitReaders(to: names.masterBuild)
        try await server.publish(
            names.masterBuild, holding: key, as: names.master, retiring: names.masterRetired)
        try await server.drop(names.masterRetired)
    }

    private func remember(_ id: CandidateID, absentSince: Date?, _ sight: Sight) async throws {
        let registry = sight.registry.name
        try await store.resources.store([
            DesiredResource(
                GateKey.candidate(id.rawValue, of: registry),
                spec: absentSince.map { ["absentSince": .string($0.ISO8601Format())] } ?? [:],
                metadata: ["title": .string(sight.titles[id] ?? "")], owner: GateKey.registry(registry))
        ])
    }

    private func result(of plan: RegistryPlan, _ sight: Sight) -> ReconcileResult {
        let interval = sight.registry.spec.interval
        if let blocked = plan.blocked {
            return ReconcileResult(
                .stalled(until: "the deletions are confirmed, or the candidates come back"),
                reason: "DeletionBudgetExceeded",
                message: "\(blocked.wanted) candidates and databases would go; a sweep may take \(blocked.budget). "
                    + "Confirm with: sluice reconcile registry/\(sight.registry.name) --confirm-deletions \(blocked.wanted)",
                lookAgain: interval)
        }
        if let refusal = sight.registry.migrationRefusal {
            return ReconcileResult(
                .stalled(until: "the operator allows it"), reason: "MigrationRefused", message: refusal.description,
                lookAgain: interval)
        }
        if let broken = sight.brokenBases.first {
            let others = sight.brokenBases.count - 1
            let more = others > 0 ? "; \(others) more base\(others == 1 ? "" : "s") of candidates neither" : ""
            // Conditions keep no more of a sentence: what is cut there would be news at every sweep.
            return ReconcileResult(
                .stalled(until: "\(sight.registry.spec.branch) deploys"), reason: "MasterDoesNotDeploy",
                message: DeployFailure.bounded(broken, 4_000) + more, lookAgain: interval)
        }
        let open = sight.seen.open.count
        let troubles = sight.troubles.sorted { $0.key < $1.key }
            .map { "; the server \($0.key) cannot be looked at: \($0.value)" }.joined()
        return .ready(
            "\(open) open candidate\(open == 1 ? "" : "s")\(troubles)", reason: "Swept", lookAgain: interval)
    }

    private func status(of sight: Sight) -> JSONValue {
        let templates = sight.seen.databases.count { $0.provenance?.role == .baseTemplate }
        var status: [String: JSONValue] = [
            "openCandidates": .integer(sight.seen.open.count), "baseTemplates": .integer(templates),
            "databases": .integer(sight.seen.databases.count), "circumstances": .string(sight.seen.circumstances),
            "reference": (try? JSONValue(encoding: sight.reference)) ?? .null,
        ]
        let others = Array(sight.elsewhere.keys) + Array(sight.troubles.keys)
        if !others.isEmpty {
            status["servers"] = .array(
                ([sight.registry.serverName] + others.sorted()).map { name in
                    let server = name == sight.registry.serverName ? nil : name
                    let candidates = sight.seen.databases.filter { $0.server == server }
                        .compactMap { $0.provenance?.candidateID }
                    return [
                        "name": .string(name), "candidates": .integer(Set(candidates).count),
                        "trouble": sight.troubles[name].map { .string($0) } ?? .null,
                    ]
                })
        }
        return .object(status)
    }
}
