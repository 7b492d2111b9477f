public import DesiredState
import Diagnostics
import Forges
public import Foundation
import GitClient
public import Reconciliation
import StateStore

/// Brings one candidate's database and verdict to where ``CandidatePlan`` says they should be.
///
/// It is the only writer of the candidate's databases. A candidate that is gone is dismantled only when the registry's
/// sweep asked for it; see `docs/decisions/0003-removal-belongs-to-the-sweep.md`.
public struct CandidateReconciler: PlanningReconciler {
    /// The kind of its keys.
    public let kind = GateKey.candidateKind
    let directory: any RegistryDirectory
    let fingerprints: ReferenceFingerprints
    let failures: BaseTemplateFailures
    let places: RecordedPlaces
    let schemas: BaseSchemas
    let merges: MergeFindings
    let now: @Sendable () -> Date

    /// Makes the reconciler.
    public init(
        directory: any RegistryDirectory, fingerprints: ReferenceFingerprints, failures: BaseTemplateFailures,
        places: RecordedPlaces, schemas: BaseSchemas = BaseSchemas(), merges: MergeFindings = MergeFindings(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.directory = directory
        self.fingerprints = fingerprints
        self.failures = failures
        self.places = places
        self.schemas = schemas
        self.merges = merges
        self.now = now
    }

    /// A settled candidate is looked at now and then, so that a verdict that somebody removed is given again. Nothing else
    /// needs that look: the sweep lists heads, databases and circumstances, and has looked at whatever is not as it was.
    /// It costs a few requests, and a host may allow no more than some thousands an hour.
    public func resyncInterval(of key: ResourceKey) -> Duration? { Self.settledInterval }

    /// How long a removed verdict can stay away, give or take the engine's jitter.
    public static let settledInterval: Duration = .seconds(6 * 3600)

    /// What is to be done about what was seen.
    public func plan(_ sight: CandidateSight, for request: ReconcileRequest) -> Plan<CandidateStep> {
        switch sight {
        case .orphaned:
            return Plan([], then: .waiting(on: "the registry to be desired again, or a cleanup"))
        case .suspended(let suspension):
            return Plan([], then: .suspended(suspension))
        case .gone(let gone): return plan(gone)
        case .refused(let refused):
            let steps = refused.isReported ? [] : [CandidateStep(.report)]
            return Plan(
                steps, revision: refused.candidate.revision.hex, in: .deploy, then: rejected(refused.failure))
        case .open(let open):
            let revision = open.candidate.revision.hex
            switch CandidatePlan.decide(open.seen) {
            case .settled: return Plan([], revision: revision, then: result(of: open))
            case .waiting(let wait, let steps): return Plan(steps, revision: revision, then: result(of: wait, open))
            case .steps(let steps, _): return Plan(steps, revision: revision, in: .deploy, then: result(of: open))
            }
        }
    }

    /// Observes, says how things stand, and carries the plan out.
    public func reconcile(
        _ request: ReconcileRequest, in context: ReconcileContext
    ) async throws -> ReconcileResult {
        let sight = try await observe(request)
        let plan = plan(sight, for: request)
        if let lane = plan.lane, lane != request.lane, !plan.actions.isEmpty { return .unfinished(continueIn: lane) }
        try await announce(sight, plan, in: context)
        let report = try await context.carryOut(plan.actions, revision: plan.revision) { step, task in
            try await apply(step, sight, in: task)
        }
        switch sight {
        case .open(let open): return try await conclude(open, plan, report, in: context)
        case .refused(let refused):
            guard !refused.isReported || refused.before != nil else { break }
            tell(CandidateStatus(refused), before: refused.before, in: context)
        case .orphaned, .suspended, .gone: break
        }
        return plan.result
    }

    private func plan(_ gone: GoneCandidate) -> Plan<CandidateStep> {
        if case .notVisible(let reason) = gone.state {
            return Plan([], then: .waiting(on: "the forge to show the candidate again: \(reason)"))
        }
        guard gone.isMarked else {
            return Plan([], then: .waiting(on: "the registry's sweep to have it dismantled"))
        }
        let steps = gone.databases.keys.sorted().map { CandidateStep(.discard(database: $0)) }
        return Plan(steps + [CandidateStep(.removeLogin(gone.registry.names.login(gone.id)))], then: .removed)
    }

    private func result(of wait: CandidatePlan.Wait, _ open: OpenCandidate) -> ReconcileResult {
        switch wait {
        case .baseTemplate:
            .waiting(on: "the base template of \(open.seen.base.abbreviated)", reason: "BaseTemplate")
        case .brokenBase(let failure):
            .waiting(
                on: "\(open.registry.spec.branch) to deploy at \(open.seen.base.abbreviated): \(failure.text)",
                reason: "BaseDoesNotDeploy")
        case .capacity:
            .waiting(
                on: (["a place on the database server"] + open.refusals).joined(separator: "; "), reason: "Capacity",
                lookAgain: .seconds(30))
        }
    }

    private func result(of open: OpenCandidate) -> ReconcileResult {
        if open.seen.verdict?.verdict == .failed {
            let remembered = open.seen.lastFailure.flatMap { $0.key == open.seen.key ? $0.failure : nil }
            return rejected(
                remembered
                    ?? DeployFailure(
                        code: "candidate.failed", message: "the changelog does not deploy; its verdict says why",
                        file: nil, line: nil, hint: nil))
        }
        return .ready("the database shows \(open.candidate.revision.abbreviated)", reason: "Verified")
    }

    private func rejected(_ failure: DeployFailure) -> ReconcileResult {
        .stalled(failure.text, reason: "ChangelogFailed", until: "a new revision")
    }

    /// Says what is about to happen, and has the base template made when it is missing.
    private func announce(
        _ sight: CandidateSight, _ plan: Plan<CandidateStep>, in context: ReconcileContext
    ) async throws {
        if case .refused(let refused) = sight {
            context.setStatus(try JSONValue(encoding: CandidateStatus(refused)))
        }
        guard case .open(let open) = sight else { return }
        var status = open.status(as: .waiting)
        let builds = plan.actions.contains { if case .clone = $0.action { true } else { false } }
        if builds {
            status.state = .building
            try await context.store.resources.write(
                StatusReport(status: try JSONValue(encoding: status)), under: context.lease)
        }
        context.setStatus(try JSONValue(encoding: plan.actions.isEmpty ? open.settledStatus : status))
        guard case .baseTemplate? = open.wait else { return }
        let key = GateKey.baseTemplate(open.seen.base, of: open.registry.name, on: open.registry.remoteServer)
        try await context.store.resources.store([
            DesiredResource(key, spec: [:], owner: GateKey.registry(open.registry.name))
        ])
        try await context.enqueue(EnqueueRequest(key, lane: .deploy, reason: "a candidate stands on it", priority: 1))
    }

    private func conclude(
        _ open: OpenCandidate, _ plan: Plan<CandidateStep>, _ report: RunReport, in context: ReconcileContext
    ) async throws -> ReconcileResult {
        if open.wait != nil, let failure = report.firstFailure { throw failure }
        guard report.runID != nil, open.wait == nil else {
            // The pass that gave the verdict may have died before it could say so. Without a status nobody knows: then the
            // store has forgotten, and what everybody knows is not told anew.
            if open.wait == nil, open.before != nil { tell(open.settledStatus, before: open.before, in: context) }
            return plan.result
        }
        let judgement = try await judgement(
            of: open, after: report.firstFailure.map(DeployFailure.init) ?? open.oldFailure)
        var status = open.status(after: judgement)
        if let refusal = report.firstFailure?.cause as? LintRefusal { status.findings = refusal.findings }
        context.setStatus(try JSONValue(encoding: status))
        let isJudged = plan.actions.contains { if case .deploy = $0.action { true } else { false } }
        tell(status, before: isJudged ? nil : open.before, in: context)
        switch judgement.finding {
        case .deployed:
            return .ready(
                "the database shows \(open.candidate.revision.abbreviated)", reason: "Verified")
        case .failed(let failure):
            return rejected(failure)
        case .undecided:
            throw report.firstFailure
                ?? SluiceError(
                    "candidate.undecided", .conflict, "the candidate's databases changed while they were worked on")
        }
    }

    /// Notes the verdict when the status before does not have it: the note and the status are written together at the end of
    /// a pass, so that each verdict is told once, whichever pass comes to its end.
    private func tell(_ status: CandidateStatus, before: CandidateStatus?, in context: ReconcileContext) {
        guard let revision = status.revision, let verdict = status.verdict,
            before?.settledRevision != revision || before?.verdict != verdict
        else { return }
        switch status.state {
        case .ready: context.note(.normal, reason: "Verified", "+1 on \(revision.abbreviated)")
        case .failed: context.note(.warning, reason: "ChangelogFailed", "-1 on \(revision.abbreviated)")
        case .waiting, .building, .absent: break
        }
    }
}
