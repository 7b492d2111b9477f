public import DesiredState
import Diagnostics
import Forges
public import Logging
public import Reconciliation
public import StateStore

/// Brings what a directory or a config repository says into force, a revision as a whole or not at all, and judges the
/// candidates that propose another.
///
/// This module knows where desired state comes from, what becomes of which resource, and how much of it may go unasked.
/// It must not know how any resource is reconciled.
///
/// A revision with a mistake, one from which too much has gone, one that history was rewritten for, and a source that is
/// gone or unreadable leave the last good state in force. The object `Configuration/desired-state` says so.
public struct ConfigurationReconciler: PlanningReconciler {
    /// The kind of its key.
    public let kind = Configuration.kind
    let source: any ConfigurationSource
    let policy: ConfigurationPolicy
    let store: StateStore
    let readings = Readings()
    private let interval: Duration
    private let logger: Logger

    /// Makes the reconciler.
    ///
    /// - Parameters:
    ///   - source: Where desired state is read from.
    ///   - policy: How much may change by a revision alone.
    ///   - interval: How often the source is looked at.
    public init(
        source: any ConfigurationSource, policy: ConfigurationPolicy, store: StateStore, interval: Duration,
        logger: Logger
    ) {
        self.source = source
        self.policy = policy
        self.store = store
        self.interval = interval
        self.logger = logger
    }

    /// The branch whose candidates are judged as desired state.
    public var judgedBranch: JudgedBranch? { source.judgedBranch }

    /// The source is looked at whatever came of the last look.
    public func resyncInterval(of key: ResourceKey) -> Duration? { interval }

    /// What the pass saw, with the specs of the objects that the decision rests on.
    public struct Sight: Sendable {
        let seen: ConfigurationObservation
        let expecting: [ResourceKey: JSONValue?]
        /// The spec of a person's word, when there is one.
        let confirmation: JSONValue?
    }

    /// What there is to do.
    public func plan(_ sight: Sight?, for request: ReconcileRequest) -> Plan<ConfigurationPlan.Action> {
        guard let sight else { return Plan([], then: .ready("nothing is read for it")) }
        var plan = ConfigurationPlan.decide(sight.seen, policy)
        plan.result.lookAgain = interval
        return plan
    }

    /// Observes, carries the plan out, and says how things stand.
    public func reconcile(
        _ request: ReconcileRequest, in context: ReconcileContext
    ) async throws -> ReconcileResult {
        let sight = try await observe(request)
        let plan = plan(sight, for: request)
        guard let sight else { return plan.result }
        announce(plan.result, before: request.resource, in: context)
        let report = try await context.carryOut(plan.actions, revision: plan.revision) { action, task in
            try await apply(action, sight, in: task)
        }
        try await takeBack(sight)
        context.setStatus(try status(of: sight, plan, report))
        return try conclude(plan, report, sight)
    }

    /// A person's word is about what they have seen: it does not wait for another occasion. One that came meanwhile stays.
    func takeBack(_ sight: Sight) async throws {
        guard case .success = sight.seen.head, let confirmation = sight.confirmation else { return }
        try await store.resources.remove(Configuration.confirmation, having: confirmation)
    }

    /// Brings the head into force before anything is reconciled, if it may. What keeps it from that is logged; the first
    /// pass will say it on the object.
    public func takeUp() async throws {
        try await remember()
        let request = ReconcileRequest(key: Configuration.key)
        guard let sight = try await observe(request, withProposals: false) else { return }
        let plan = plan(sight, for: request)
        for action in plan.actions { if case .apply = action { _ = try await bringIntoForce(action, sight) } }
        if plan.result.standing != .ready { logger.error("desired state: \(plan.result.message)") }
    }

    /// Has one effect.
    func bringIntoForce(_ action: ConfigurationPlan.Action, _ sight: Sight) async throws -> TaskOutcome {
        switch action {
        case .apply(let revision, let delta, let resources):
            let change = change(to: revision, delta, resources, sight)
            let id = try await store.configuration.apply(change)
            logger.notice(
                "\(revision.id.shortRevision) is in force: \(delta.summary)",
                metadata: ["author": "\(revision.author ?? "")", "subject": "\(revision.subject ?? "")"])
            return .done(["change": id.map { .integer(Int($0)) } ?? .null, "summary": .string(delta.summary)])
        case .reportResult(let result):
            try await source.report(result)
            return .done()
        case .judge(let verdict, _):
            switch try await source.report(verdict) {
            case .posted: return .done()
            case .alreadyThere: return .notNeeded(because: Self.stands)
            case .revisionMoved: return .notNeeded(because: "the candidate has gone on to another revision")
            }
        }
    }

    private static let stands = "it stands there already"

    /// Carries out one effect. One that concerns other people's eyes only does not keep the others from being had.
    public func apply(
        _ action: ConfigurationPlan.Action, _ sight: Sight?, in task: TaskContext
    ) async throws -> TaskOutcome {
        guard let sight else { return .notNeeded(because: "nothing is read") }
        do {
            return try await bringIntoForce(action, sight)
        } catch {
            if case .apply = action { throw error }
            if error is CancellationError || error is SimulatedCrash { throw error }
            return .failed(SluiceError(wrapping: error))
        }
    }

    /// Says once, in the log and as an event, that something is wrong, or that it is right again.
    private func announce(_ result: ReconcileResult, before: StoredResource?, in context: ReconcileContext) {
        let known = before?.conditions[.ready]
        guard known?.reason != result.reason || (result.standing != .ready && known?.message != result.message) else {
            return
        }
        if result.standing == .ready {
            guard known?.status == .false else { return }
            logger.notice("desired state is in order again")
            context.note(.normal, reason: "DesiredStateInOrder", result.message)
        } else {
            logger.error("desired state: \(result.message)")
            context.note(.warning, reason: "DesiredState\(result.reason)", result.message)
        }
    }

    private func status(of sight: Sight, _ plan: Plan<ConfigurationPlan.Action>, _ report: RunReport) throws
        -> JSONValue
    {
        var memory = sight.seen.memory
        if case .success(let proposals) = sight.seen.proposals {
            let open = Set(proposals.map(\.id.rawValue))
            memory.candidates = memory.candidates.filter { open.contains($0.key) }
        }
        for (action, outcome) in zip(plan.actions, report.outcomes) {
            if case .failed = outcome { continue }
            switch action {
            case .apply: break
            case .reportResult(let result): memory.reported = result.digest
            case .judge(let verdict, _):
                // One that was not written, because its candidate seemed to have gone on, is to be written another time.
                if case .notNeeded(let reason) = outcome, reason != Self.stands { continue }
                memory.candidates[verdict.candidate.rawValue] = .init(verdict)
            }
        }
        let head = try? sight.seen.head.get().revision.id
        return [
            "source": source.identity, "head": head.map { .string($0) } ?? .null,
            "memory": try JSONValue(encoding: memory),
        ]
    }
}
