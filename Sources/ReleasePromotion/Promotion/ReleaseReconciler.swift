public import DesiredState
import Diagnostics
public import Foundation
import GitClient
public import Reconciliation
import StateStore

/// Walks one release to where its target says, step by step, and takes it back when asked.
///
/// It is the only one who merges for the release. Every pass looks at the branches first; what a pass that was cut off has
/// done is found there.
public struct ReleaseReconciler: PlanningReconciler {
    /// The kind of its keys.
    public let kind = ResourceKind.release.rawValue
    let directory: any ControlDirectory
    let pins: @Sendable (ControlRepositorySpec) -> PinReading?
    let checks: ReleaseChecks?
    let records: (any DeployRecords)?
    let pinHistory: PinHistory?
    let now: @Sendable () -> Date
    let pause: @Sendable (Duration) async throws -> Void
    let memory = BranchMemory()
    let settings = MergeSettings()

    /// Makes the reconciler.
    /// - Parameters:
    ///   - directory: Where repositories and their commits are.
    ///   - pins: How the pins of a repository's trees are read; nil where nobody can.
    ///   - checks: What checks the source and every result of a merge; nil where nothing does.
    ///   - records: The way to the records that prove deploys; nil where nobody reads them.
    ///   - pinHistory: What tells the commits between pins; nil where nobody can.
    ///   - now: The clock by which windows open and close.
    ///   - pause: Waits between two looks at what a code host finds out.
    public init(
        directory: any ControlDirectory,
        pins: @escaping @Sendable (ControlRepositorySpec) -> PinReading? = { _ in nil }, checks: ReleaseChecks? = nil,
        records: (any DeployRecords)? = nil, pinHistory: PinHistory? = nil,
        now: @escaping @Sendable () -> Date = { Date() },
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.directory = directory
        self.pins = pins
        self.checks = checks
        self.records = records
        self.pinHistory = pinHistory
        self.pause = pause
        self.now = now
    }

    /// A release is looked at now and then: its source may have moved, and others may have been merged.
    public func resyncInterval(of key: ResourceKey) -> Duration? { .seconds(300) }

    /// What is to be done about what was seen.
    public func plan(_ sight: ReleaseSight, for request: ReconcileRequest) -> Plan<ReleaseAction> {
        switch sight {
        case .orphaned(let repository):
            Plan([], then: .waiting(on: "the ControlRepository \(repository) to be desired"))
        case .suspended(let suspension):
            Plan([], then: .suspended("the control repository", suspension))
        case .leaving(let release): release.plan
        case .abandoned, .gone: Plan([], then: .removed)
        case .seen(let release): ReleasePlan.decide(release.seen)
        }
    }

    /// Observes, says how things stand, and carries the plan out.
    public func reconcile(
        _ request: ReconcileRequest, in context: ReconcileContext
    ) async throws -> ReconcileResult {
        let sight = try await observe(request)
        var plan = plan(sight, for: request)
        if let result = try await takeLeave(sight, plan, in: context) { return result }
        guard case .seen(var release) = sight else { return plan.result }
        if plan.isMerging, try await !settings.makesMergeCommits(release.repository) {
            release.seen.makesMergeCommits = false
            plan = ReleasePlan.decide(release.seen)
        }
        if isNews(plan.result, after: request.resource?.conditions[.stalled]) {
            plan.actions.append(.refuse(to: release.seen.spec.target, because: plan.result.message))
        }
        let before = ReleaseStatus(request.resource?.status)
        var shown = ReleaseStatus(release.seen)
        shown.stoppedAt = release.seen.failures.isEmpty ? nil : request.resource?.generation
        context.setStatus(try JSONValue(encoding: shown))
        let progress = ReleaseProgress(
            shown, merging: plan.merges, since: before, generation: request.resource?.generation)
        if plan.isMerging { try await progress.begin(in: context) }
        tell(release.seen.proofs, of: release.seen, in: context)
        tell(release.seen.arrivals, before: before, in: context)
        tell(ReleaseWord.news(of: release.seen, since: before), in: context)
        // The actions of a plan are about different branches: none waits for another.
        let report = try await context.carryOut(
            plan.actions, revision: plan.revision, atATime: release.repository.spec.parallelMerges
        ) { action, task in
            let outcome = try await apply(action, sight, in: task)
            try await progress.record(action, outcome, in: context)
            return outcome
        }
        let refusals = tell(plan, report, in: context)
        var after = release.seen
        let verified = said(plan, report, of: release.seen, in: context)
        // What was merged before a branch was refused is there to be seen; there may be no pass after this one.
        if !refusals.isEmpty, case .seen(let again) = try await observe(request, isProving: false) {
            after = again.seen
            after.failures.merge(release.seen.failures) { new, _ in new }
        }
        after.verified = verified
        after.isSourceDeleted = after.isSourceDeleted || refusals.isEmpty && plan.result.reason == "Cancelled"
        // What may go well the next time is tried again without anybody's word, and is no reason to stop.
        let stops = refusals.filter { $0.value.kind == .stalled }
        after.failures.merge(stops.mapValues(\.description)) { _, new in new }
        var status = ReleaseStatus(after)
        // Where it was looked again, the branches say more than the outcomes do.
        if refusals.isEmpty {
            for (action, outcome) in zip(plan.actions, report.outcomes) { status.record(action, outcome) }
        }
        status.stoppedAt = after.failures.isEmpty ? nil : request.resource?.generation
        let begun = release.seen.doubts(toldAt: request.resource?.generation) + plan.begun(report)
        status.begun = begun.isEmpty ? nil : begun
        context.setStatus(try JSONValue(encoding: status))
        let result = try conclude(plan, refusals)
        tell(result, after: request.resource?.conditions[.stalled], in: context)
        return result
    }

    /// Notes what holds the release up, once.
    private func tell(_ result: ReconcileResult, after known: Condition?, in context: ReconcileContext) {
        guard isNews(result, after: known) else { return }
        context.note(.warning, reason: result.reason, result.message)
    }

    /// Whether something holds the release up, and did not before.
    private func isNews(_ result: ReconcileResult, after known: Condition?) -> Bool {
        guard case .stalled = result.standing else { return false }
        return known?.status != .true || known?.reason != result.reason || known?.message != result.message
    }

    /// What has been said of the source's checks after a run. What a host refuses is not said to it again.
    private func said(
        _ plan: Plan<ReleaseAction>, _ report: RunReport, of seen: ReleaseObservation, in context: ReconcileContext
    ) -> String? {
        for (action, outcome) in zip(plan.actions, report.outcomes) {
            guard case .verify(let commit, _, _) = action else { continue }
            if case .failed(let error) = outcome {
                guard error.kind == .stalled else { return seen.verified }
                context.note(.warning, reason: "NotVerified", "the checks are not told on the source: \(error.message)")
            }
            return seen.verdict?.mark(on: commit)
        }
        return seen.verified
    }

    /// Notes what is known now of merges that were begun before. While a release goes on, what differs is why it stands still;
    /// taking back goes on, and looks at what it leaves in the end.
    private func tell(
        _ proofs: [ReleaseObservation.Proof], of seen: ReleaseObservation, in context: ReconcileContext
    ) {
        for proof in proofs {
            switch proof.result {
            case .rehearsed where !proof.begun.isDone: tell(proof.begun.merge, in: context)
            case .differs(let words) where !seen.isGoing:
                context.note(.warning, reason: "ResultDiffers", words)
            case .open, .rehearsed, .differs: continue
            }
        }
    }

    private func tell(_ merge: BranchMerge, in context: ReconcileContext) {
        context.note(.normal, reason: merge.event, "\(merge.target) got \(merge.commit.abbreviated)")
    }

    /// Notes what has been seen to be deployed.
    private func tell(_ arrivals: [String: Arrival], before: ReleaseStatus?, in context: ReconcileContext) {
        let known = before?.arrivals ?? [:]
        for (branch, arrival) in arrivals.sorted(by: { $0.key < $1.key }) {
            guard case .arrived(let commit) = arrival.standing, known[branch]?.expected != arrival.expected.hex
            else { continue }
            context.note(.normal, reason: "Arrived", "\(branch) runs \(commit.abbreviated)")
        }
    }

    /// Notes what people have said of the release.
    private func tell(_ words: [ReleaseWord], in context: ReconcileContext) {
        for word in words { context.note(word.severity, reason: word.reason, word.message) }
    }

    /// Notes what was merged, and collects what was refused, by branch.
    private func tell(
        _ plan: Plan<ReleaseAction>, _ report: RunReport, in context: ReconcileContext
    ) -> [String: SluiceError] {
        var refusals: [String: SluiceError] = [:]
        for (action, outcome) in zip(plan.actions, report.outcomes) {
            switch (action, outcome) {
            case (.merge(let merge), .failed(let error)):
                refusals[merge.target] = error
                guard error.kind == .stalled else { continue }
                context.note(.warning, reason: "MergeRefused", "\(merge.target): \(error.message)")
            case (.withdraw(let branch, _), .failed(let error)) where error.kind == .stalled:
                context.note(.warning, reason: "NotTidied", "\(branch): \(error.message)")
            case (.withdraw(let branch, _), .failed(let error)), (.deleteSource(let branch, _), .failed(let error)):
                refusals[branch] = error
            case (.merge(let merge), .done): tell(merge, in: context)
            case (.verify(_, let isAccepted, let summary), .done),
                (.verify(_, let isAccepted, let summary), .notNeeded):
                context.note(
                    isAccepted ? .normal : .warning, reason: isAccepted ? "Checked" : "ChecksFailed", summary)
            default: continue
            }
        }
        return refusals
    }

    /// What may go well the next time is tried again, and where the world has moved it is looked at again. What the code
    /// host refuses stops the release.
    private func conclude(
        _ plan: Plan<ReleaseAction>, _ refusals: [String: SluiceError]
    ) throws -> ReconcileResult {
        let inOrder = refusals.sorted { $0.key < $1.key }.map(\.value)
        if let passing = inOrder.first(where: { $0.kind != .stalled }) { throw passing }
        return refusals.isEmpty ? plan.result : ReleaseObstacle.mergesFailed(refusals.mapValues(\.description)).result
    }
}

/// What a pass over a release can find.
public enum ReleaseSight: Sendable {
    /// The release's control repository is not desired.
    case orphaned(repository: String)
    /// The control repository is left alone for a while.
    case suspended(Suspension)
    /// The release is not desired any more.
    case leaving(LeavingRelease)
    /// The release is not desired any more, and there is nobody to ask what is left of it.
    case abandoned(because: String, mayLeave: Bool)
    /// There is nothing of the release any more.
    case gone
    /// The release and its branches.
    case seen(SeenRelease)
}

/// A release as a pass sees it.
public struct SeenRelease: Sendable {
    let repository: ControlRepository
    let mirror: GitMirror
    /// What was observed.
    public internal(set) var seen: ReleaseObservation
}

extension BranchMerge {
    /// What an event about it is called.
    var event: String {
        switch kind {
        case .promo: "Promoted"
        case .revert: "TakenBack"
        case .sync: "Synchronised"
        }
    }
}
