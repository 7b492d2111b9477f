public import DesiredState
import Diagnostics
public import Foundation
public import GitClient
public import Reconciliation
import StateStore

/// Watches the branches of a control repository: says what no release explains, and opens merge requests about it when the
/// policy wants that. It never merges.
///
/// It is the only writer of the status of a `ControlRepository`.
public struct DriftReconciler: PlanningReconciler {
    /// The kind of its keys.
    public let kind = ResourceKind.controlRepository.rawValue
    let directory: any ControlDirectory
    let sightings = DriftSightings()
    let now: @Sendable () -> Date

    /// Makes the reconciler.
    /// - Parameters:
    ///   - directory: Where repositories and their commits are.
    ///   - now: The clock by which exceptions run out.
    public init(directory: any ControlDirectory, now: @escaping @Sendable () -> Date = { Date() }) {
        self.directory = directory
        self.now = now
    }

    /// Also a look that failed is repeated.
    public func resyncInterval(of key: ResourceKey) -> Duration? { .seconds(300) }

    /// What is to be done about what was seen.
    public func plan(_ sight: DriftSight, for request: ReconcileRequest) -> Plan<DriftAction> {
        switch sight {
        case .gone: Plan([], then: .removed)
        case .suspended(let suspension):
            Plan([], then: .suspended("the control repository", suspension))
        case .seen(let watch): DriftPlan.decide(watch.seen)
        }
    }

    /// Observes, carries the plan out, and says how the branches stand.
    public func reconcile(
        _ request: ReconcileRequest, in context: ReconcileContext
    ) async throws -> ReconcileResult {
        let sight = try await observe(request)
        let plan = plan(sight, for: request)
        guard case .seen(let watch) = sight else { return plan.result }
        let report = try await context.carryOut(plan.actions) { action, task in
            try await apply(action, sight, in: task)
        }
        var answered = watch.seen.answered
        for (action, outcome) in zip(plan.actions, report.outcomes) {
            if case .failed = outcome { continue }
            answered = action.answer(after: answered)
        }
        let before = DriftStatus(request.resource?.status)
        let after = DriftStatus(watch.seen, answered: answered)
        context.setStatus(try JSONValue(encoding: after))
        if let change = after.news(since: before) {
            context.note(after.drifted.isEmpty ? .normal : .warning, reason: "Drift", change)
        }
        return try conclude(plan, report, sight)
    }
}

/// What a look at a control repository can find.
public enum DriftSight: Sendable {
    /// It is not desired any more.
    case gone
    /// It is left alone for a while.
    case suspended(Suspension)
    /// Its branches.
    case seen(DriftWatch)
}

/// A control repository as a look sees it.
public struct DriftWatch: Sendable {
    let repository: ControlRepository
    let mirror: GitMirror
    /// What was observed.
    public let seen: WatchedBranches
}

/// The branches of a control repository, what is remembered of them, and what the policy says: all that a plan is made of.
public struct WatchedBranches: Hashable, Sendable {
    /// The policy.
    public var policy: DriftPolicy
    /// The stages, in order.
    public var stages: [String]
    /// What was seen of the long-lived branches.
    public var observation: DriftObservation
    /// Where all branches stand.
    public var heads: [String: ObjectID]
    /// What taking drift back would do, by the branch, where the policy wants it.
    var takeBacks: [String: TakeBack]
    /// The short-lived branches about drift that there are, in the order of their names.
    var requests: [Request]
    /// Where branches stood when they were last seen with all their releases. A branch itself cannot tell.
    public var before: [String: ObjectID]
    /// The short-lived branches that were opened about a branch, by that branch: what was answered once is not asked again,
    /// also when somebody closed it.
    public var answered: [String: String]
    /// When this was seen.
    public var time: Date

    /// A short-lived branch about drift.
    struct Request: Hashable, Sendable {
        let name: DriftBranchName
        let head: ObjectID
        /// Whether nothing is lost with it: Sluice made what it holds, or a branch that lives on has it.
        let isOurs: Bool
    }

    /// Makes what was seen.
    init(
        policy: DriftPolicy, stages: [String], observation: DriftObservation, heads: [String: ObjectID],
        takeBacks: [String: TakeBack] = [:], requests: [Request] = [], before: [String: ObjectID] = [:],
        answered: [String: String] = [:], time: Date
    ) {
        self.policy = policy
        self.stages = stages
        self.observation = observation
        self.heads = heads
        self.takeBacks = takeBacks
        self.requests = requests
        self.before = before
        self.answered = answered
        self.time = time
    }
}
