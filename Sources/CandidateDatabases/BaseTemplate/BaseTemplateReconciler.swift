import DesiredState
import Diagnostics
public import Foundation
import GitClient
public import Reconciliation
import StateStore

/// Makes the template that all candidates of one base commit are cloned from: the reference database with master's
/// changelog as of that commit, sealed.
///
/// It is made once for all candidates, so a candidate's time does not grow with master's history, and a master that does
/// not deploy is told apart from a candidate that does not.
public struct BaseTemplateReconciler: PlanningReconciler {
    /// The kind of its keys.
    public let kind = GateKey.baseTemplateKind
    let directory: any RegistryDirectory
    let fingerprints: ReferenceFingerprints
    let schemas: BaseSchemas
    let now: @Sendable () -> Date

    /// Makes the reconciler.
    public init(
        directory: any RegistryDirectory, fingerprints: ReferenceFingerprints, schemas: BaseSchemas = BaseSchemas(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.directory = directory
        self.fingerprints = fingerprints
        self.schemas = schemas
        self.now = now
    }

    /// A base template with what is needed to make it; nil when its registry is not desired any more.
    public struct Sight: Sendable {
        let registry: GateRegistry
        let repository: WatchedRepository
        let base: ObjectID
        let key: ContentKey
        /// The fingerprint of the reference that the key was made with.
        let reference: String
        let seen: BaseTemplateObservation
    }

    /// Reads the repository and the server.
    public func observe(_ request: ReconcileRequest) async throws -> Sight? {
        guard let (registryName, _) = GateKey.parts(request.key), let (base, place) = GateKey.base(request.key) else {
            throw SluiceError(
                "base-template.key-invalid", .stalled, "\(request.key) is not the key of a base template",
                hint: "write BaseTemplate/<registry>/<commit>")
        }
        let found =
            if let place {
                try await directory.registry(named: registryName, on: place)
            } else {
                try await directory.registry(named: registryName)
            }
        guard let registry = found, registry.remoteServer == place else { return nil }
        if let refusal = registry.migrationRefusal { throw refusal }
        let repository = registry.watched(try await directory.repository(of: registry, having: WantedCommits([base])))
        let reference = try await fingerprints.fingerprint(for: registry)
        let circumstances = registry.circumstances(reference: reference)
        let key = ContentKey.base(trees: try await repository.trees(at: base), circumstances)
        let names = registry.names
        let census = try await registry.databases.census()
        let before = request.resource.flatMap { BaseTemplateStatus($0.status) }
        let seen = BaseTemplateObservation(
            name: names.baseTemplate(key), buildName: names.baseBuild(base),
            template: census.mine[names.baseTemplate(key)]?.provenance,
            hasBuild: census.mine[names.baseBuild(base)] != nil,
            knownFailure: before?.key == key.rawValue ? before?.failure : nil,
            isRequested: request.reasons.contains(GateReason.requested))
        return Sight(
            registry: registry, repository: repository, base: base, key: key, reference: reference, seen: seen)
    }

    /// What is to be done about what was seen.
    public func plan(_ sight: Sight?, for request: ReconcileRequest) -> Plan<BaseTemplateAction> {
        guard let sight else { return Plan([], then: .removed) }
        if let suspension = sight.registry.spec.suspension(at: now()) {
            return Plan([], then: .suspended(suspension))
        }
        switch BaseTemplatePlan.decide(sight.seen) {
        case .ready: return Plan([], then: .ready("candidates of \(sight.base.abbreviated) are cloned from it"))
        case .broken(let failure): return Plan([], then: Self.broken(failure))
        case .make(let actions):
            return Plan(
                actions, revision: sight.base.hex, in: .deploy,
                then: .ready("candidates of \(sight.base.abbreviated) are cloned from it"))
        }
    }

    /// Carries the plan out and has the candidates looked at that wait for it.
    public func reconcile(
        _ request: ReconcileRequest, in context: ReconcileContext
    ) async throws -> ReconcileResult {
        let sight = try await observe(request)
        let plan = plan(sight, for: request)
        guard let sight, sight.registry.spec.suspension(at: now()) == nil else { return plan.result }
        let report = try await context.carryOut(plan.actions, revision: plan.revision) { action, task in
            try await apply(action, sight, in: task)
        }
        var status = BaseTemplateStatus(key: sight.key, database: sight.seen.name)
        var result = plan.result
        if let failure = report.firstFailure.map(DeployFailure.init) ?? knownFailure(sight) {
            status = BaseTemplateStatus(key: sight.key, failure: failure)
            result = Self.broken(failure)
        }
        // Written before anybody is woken: who looks must see it.
        try await context.store.resources.write(
            StatusReport(status: try JSONValue(encoding: status)), under: context.lease)
        try await wakeCandidates(of: sight.registry.name, in: context)
        return result
    }

    private func knownFailure(_ sight: Sight) -> DeployFailure? {
        if case .broken(let failure) = BaseTemplatePlan.decide(sight.seen) { failure } else { nil }
    }

    private static func broken(_ failure: DeployFailure) -> ReconcileResult {
        .stalled("master does not deploy: \(failure.text)", reason: "MasterDoesNotDeploy", until: "a fixed master")
    }

    /// Has the registry and every candidate that is not settled looked at again.
    private func wakeCandidates(of registry: String, in context: ReconcileContext) async throws {
        let reason = "its base template was looked at"
        try await context.enqueue(EnqueueRequest(GateKey.registry(registry), lane: .observe, reason: reason))
        let prefix = ResourceKey(kind: GateKey.candidateKind, components: [registry, ""]).name
        for stored in try await context.store.resources.list(kind: GateKey.candidateKind, prefix: prefix) {
            let status = CandidateStatus(stored.status)
            guard status?.settledRevision == nil || status?.settledRevision != status?.revision else { continue }
            try await context.enqueue(EnqueueRequest(stored.key, lane: .deploy, reason: reason))
        }
    }
}

/// The reasons that a reconciler heeds.
public enum GateReason {
    /// A person asked: what failed before is tried again.
    public static let requested = "requested"
}
