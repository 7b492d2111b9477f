public import DesiredState
import Diagnostics
import Forges
public import Foundation
import GitClient
import PatchSeries
public import Reconciliation
public import StateStore

/// Follows an upstream branch for a package: see ``TrackingPlan``. It never merges.
///
/// It is the only writer of the status of an `Upstream`, of branches below `patch-tracking/`, and of the issue with its mark.
public struct UpstreamReconciler: PlanningReconciler {
    /// The kind of its keys.
    public let kind = ResourceKind.upstream.rawValue
    let directory: any UpstreamDirectory
    let store: StateStore
    let now: @Sendable () -> Date
    let proposals = ProposalCache()

    /// Makes the reconciler.
    /// - Parameters:
    ///   - directory: Where trackings and their commits are.
    ///   - store: Where people's orders are.
    ///   - now: The clock by which cool-downs and suspensions run out.
    public init(
        directory: any UpstreamDirectory, store: StateStore, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.directory = directory
        self.store = store
        self.now = now
    }

    /// Also a look that failed is repeated.
    public func resyncInterval(of key: ResourceKey) -> Duration? { .seconds(3600) }

    /// What is to be done about what was seen.
    public func plan(_ sight: UpstreamSight, for request: ReconcileRequest) -> Plan<TrackingStep> {
        switch sight {
        case .gone, .abandoned: Plan([], then: .removed)
        case .leaving(let watch): watch.steps(TrackingPlan.leave(watch.seen))
        case .moving(let watch?, _): watch.steps(TrackingPlan.move(watch.seen))
        case .moving(nil, _): Plan([], then: TrackingPlan.move(nil).result)
        case .suspended(let suspension):
            Plan([], then: .suspended("the upstream", suspension))
        case .seen(let watch): watch.steps(TrackingPlan.decide(watch.seen))
        }
    }

    /// Observes, carries the plan out, and says where things stand.
    public func reconcile(
        _ request: ReconcileRequest, in context: ReconcileContext
    ) async throws -> ReconcileResult {
        let sight = try await observe(request)
        let plan = plan(sight, for: request)
        if case .abandoned(let reason) = sight {
            context.note(.warning, reason: "LeftBehind", "branch, issue and merge request are left: \(reason)")
        }
        if case .leaving(let watch) = sight {
            if let rest = TrackingPlan.leftBehind(watch.seen) { context.note(.normal, reason: "LeftBehind", rest) }
            var status = watch.seen.status
            let report = try await context.carryOut(plan.actions) { step, task in
                try await forgetRequest(before: step.action, &status, in: context)
                return try await apply(step, sight, in: task)
            }
            return try conclude(plan, report, sight)
        }
        if case .moving(let watch, let status) = sight {
            return try await move(watch, status, plan, sight, in: context)
        }
        guard case .seen(let watch) = sight else { return plan.result }
        if let problem = watch.seen.issueProblem ?? watch.seen.status.issueProblem, !plan.actions.isEmpty {
            context.note(.warning, reason: "NoIssue", problem)
        }
        var status = watch.seen.after
        context.setStatus(try JSONValue(encoding: status))
        let report = try await context.carryOut(plan.actions) { step, task in
            try await forgetRequest(before: step.action, &status, in: context)
            let outcome = try await apply(step, sight, in: task)
            status = try status.after(step.action, outcome, watch.seen)
            context.setStatus(try JSONValue(encoding: status))
            // What led to a move may be tidied up next, and could not be seen again.
            if case .moveCursor = step.action { try await context.publish(status: try JSONValue(encoding: status)) }
            return outcome
        }
        // Only now: the open merge request was to be told of it first.
        if let error = watch.error { throw error }
        if report.firstFailure == nil {
            context.setStatus(try JSONValue(encoding: status.concluded(watch.seen)))
        }
        var result = try conclude(plan, report, sight)
        if let problem = status.issueProblem, status.request != nil {
            result.message += "; without an issue: \(problem)"
        }
        return result
    }

    /// Forgets a merge request that we are about to close: whoever remembers one that is closed takes it for refused. While
    /// it is open, it is found by its branch.
    private func forgetRequest(
        before action: TrackingAction, _ status: inout TrackingStatus, in context: ReconcileContext
    ) async throws {
        guard case .closeRequest = action, status.request != nil else { return }
        status.request = nil
        try await context.publish(status: try JSONValue(encoding: status), isNeeded: true)
    }

    /// Takes what is ours away from where it was, and forgets the place.
    private func move(
        _ watch: UpstreamWatch?, _ status: TrackingStatus, _ plan: Plan<TrackingStep>, _ sight: UpstreamSight,
        in context: ReconcileContext
    ) async throws -> ReconcileResult {
        let rest =
            watch.map { TrackingPlan.leftBehind($0.seen) }
            ?? "branch, issue and merge request: left, for their code host is not desired any more"
        if let rest { context.note(.normal, reason: "LeftBehind", rest) }
        var status = status
        let report = try await context.carryOut(plan.actions) { step, task in
            try await forgetRequest(before: step.action, &status, in: context)
            let outcome = try await apply(step, sight, in: task)
            if case .moveCursor = step.action, let watch {
                status = try status.after(step.action, outcome, watch.seen)
                try await context.publish(status: try JSONValue(encoding: status))
            }
            return outcome
        }
        if report.firstFailure == nil { context.setStatus(try JSONValue(encoding: status.moved)) }
        return try conclude(plan, report, sight)
    }
}

/// What a look at an upstream can find.
public enum UpstreamSight: Sendable {
    /// There is nothing of it any more.
    case gone
    /// It is not desired any more, and its code host cannot be asked; why.
    case abandoned(because: String)
    /// It is not desired any more; what there is on its code host.
    case leaving(UpstreamWatch)
    /// Its package or its branch is another one now: what there is at the former place, nil when its code host is not desired
    /// any more; and what is remembered.
    case moving(UpstreamWatch?, TrackingStatus)
    /// It is left alone for a while.
    case suspended(Suspension)
    /// Where things stand.
    case seen(UpstreamWatch)
}

/// An upstream as a look sees it.
public struct UpstreamWatch: Sendable {
    let tracking: Tracking
    let package: GitMirror
    /// What was observed.
    public let seen: TrackingObservation
    /// What makes the commit with the patches; nil when nothing is proposed.
    let commit: PatchCommit?
    /// What kept upstream or its series from being read; nil when nothing did.
    var error: SluiceError?

    /// The steps of a plan for it.
    func steps(_ plan: Plan<TrackingAction>) -> Plan<TrackingStep> {
        plan.map { TrackingStep(action: $0, name: tracking.name, place: TrackedPlace(tracking.spec)) }
    }
}

extension TrackingObservation {
    /// What is remembered after the look itself.
    var after: TrackingStatus {
        var status = status
        status.head = upstream ?? status.head
        status.place = TrackedPlace(spec)
        switch standing {
        case .ahead(let count)?: status.behind = count
        case .upToDate?: status.behind = 0
        case .rewritten?, .cursorLost?: status.behind = nil
        // What could not be looked at is as far behind as it was.
        case nil: if upstream == nil, obstacle == nil { status.behind = nil }
        }
        if obstacle == nil {
            status.remaining = proposal.flatMap { $0.remaining > 0 ? $0.remaining : nil }
            status.patches = Array((proposal?.rows ?? []).prefix(TrackingStatus.kept))
        }
        if let issueProblem {
            status.issueProblem = issueProblem
        } else if issueIsOpen == true {
            status.issueProblem = nil
        }
        let start = spec.source.start ?? ""
        if let standing { status.start = standing == .cursorLost ? status.start ?? start : start }
        switch request?.state {
        case .open?:
            status.request = request?.isOurs == true ? request?.id?.rawValue : nil
            status.refused = nil
        case .merged?, .closed?:
            // The plan tidies up, and only then it is forgotten.
            break
        case .unknown?, nil:
            status.request = nil
            status.warned = nil
            status.asked = nil
            status.notAsked = nil
        }
        return status
    }
}

extension TrackingStatus {
    /// What is remembered once everything is done about a merge request that has ended.
    fileprivate func concluded(_ seen: TrackingObservation) -> TrackingStatus {
        var status = self
        switch seen.request?.state {
        case .merged?: break
        case .closed?: status.refused = covered ?? head
        case .open?, .unknown?, nil: return self
        }
        status.request = nil
        status.covered = nil
        status.base = nil
        status.told = nil
        status.toldIssue = nil
        status.warned = nil
        status.asked = nil
        status.notAsked = nil
        status.ended = seen.time
        return status
    }

    /// What is remembered after an action.
    fileprivate func after(
        _ action: TrackingAction, _ outcome: TaskOutcome, _ seen: TrackingObservation
    ) throws -> TrackingStatus {
        if case .failed = outcome { return self }
        var status = self
        switch action {
        case .moveCursor(let target, _, _):
            status.cursor = target
            status.refused = nil
            status.told = nil
            status.patches = []
        case .followRewritten(let target, _, let known, _):
            status.cursor = target
            status.known = known.isEmpty ? nil : known
            status.told = nil
            status.patches = []
        case .obey(let order, _): status = status.obeying(order)
        case .push:
            status.covered = seen.proposal?.head
            status.base = seen.package
        case .tellRequest(let text, let head):
            status.told = text.digest
            status.warned = nil
            if let proposal = seen.proposal, proposal.commit == head {
                status.covered = proposal.head
                status.base = seen.package
            }
            if case .done(let summary) = outcome { status.request = summary["mergeRequest"]?.string ?? status.request }
        case .tellIssue(let text):
            status.toldIssue = text.digest
            switch outcome {
            case .done(let summary):
                status.issue = summary["issue"]?.string ?? status.issue
                status.issueProblem = nil
            case .notNeeded(let reason): status.issueProblem = reason
            case .failed: break
            }
        case .askReviewers(let people):
            status.asked = ((status.asked ?? []) + people).sorted()
            switch outcome {
            case .done(let summary):
                let left = summary["notAsked"]?.array?.compactMap(\.string) ?? []
                status.notAsked = ((status.notAsked ?? []) + left).sorted()
            case .notNeeded, .failed: break
            }
        case .warn(_, let line):
            status.warned = line
            // What is proposed is told anew when things go on.
            if line != nil { status.told = nil }
        case .verify(let commit, _, _): status.verified = commit
        case .closeRequest, .deleteBranch, .closeIssue: break
        }
        return status
    }
}
