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
    let now: @Sendable () -> Date

    /// Makes the reconciler.
    /// - Parameters:
    ///   - directory: Where repositories and their commits are.
    ///   - pins: How the pins of a repository's trees are read; nil where nobody can.
    ///   - checks: What checks the source and every result of a merge; nil where nothing does.
    ///   - now: The clock by which windows open and close.
    public init(
        directory: any ControlDirectory,
        pins: @escaping @Sendable (ControlRepositorySpec) -> PinReading? = { _ in nil }, checks: ReleaseChecks? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.directory = directory
        self.pins = pins
        self.checks = checks
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
            Plan(
                [],
                then: .stalled(
                    "the control repository is \(suspension)", reason: "Suspended",
                    until: suspension.until == nil ? "spec.suspend is taken off" : "the suspension runs out"))
        case .seen(let release): ReleasePlan.decide(release.seen)
        }
    }

    /// Observes, says how things stand, and carries the plan out.
    public func reconcile(
        _ request: ReconcileRequest, in context: ReconcileContext
    ) async throws -> ReconcileResult {
        let sight = try await observe(request)
        let plan = plan(sight, for: request)
        guard case .seen(let release) = sight else { return plan.result }
        context.setStatus(try JSONValue(encoding: ReleaseStatus(release.seen)))
        // The actions of a plan are about different branches: none waits for another.
        let report = try await context.carryOut(
            plan.actions, revision: plan.revision, atATime: release.repository.spec.parallelMerges
        ) { action, task in
            try await apply(action, sight, in: task)
        }
        let refusals = tell(plan, report, in: context)
        var after = release.seen
        after.isSourceDeleted = after.isSourceDeleted || plan.actions.contains(where: \.deletesSource)
        after.verified = said(plan, report, of: release.seen)
        // What was merged before a branch was refused is there to be seen; there may be no pass after this one.
        if !refusals.isEmpty, case .seen(let again) = try await observe(request) {
            let verified = after.verified
            after = again.seen
            after.verified = verified
        }
        after.failures = refusals.mapValues(\.description)
        context.setStatus(try JSONValue(encoding: ReleaseStatus(after)))
        return try conclude(plan, refusals)
    }

    /// What has been said of the source's checks after a run. What failed is said again.
    private func said(_ plan: Plan<ReleaseAction>, _ report: RunReport, of seen: ReleaseObservation) -> String? {
        for (action, outcome) in zip(plan.actions, report.outcomes) {
            guard case .verify(let commit, _, _) = action else { continue }
            if case .failed = outcome { return seen.verified }
            return seen.verdict?.mark(on: commit)
        }
        return seen.verified
    }

    /// Notes what was merged, and collects what was refused, by branch.
    private func tell(
        _ plan: Plan<ReleaseAction>, _ report: RunReport, in context: ReconcileContext
    ) -> [String: SluiceError] {
        var refusals: [String: SluiceError] = [:]
        for (action, outcome) in zip(plan.actions, report.outcomes) {
            switch (action, outcome) {
            case (.merge(let merge), .failed(let error)): refusals[merge.target] = error
            case (.withdraw(let branch, _), .failed(let error)), (.deleteSource(let branch, _), .failed(let error)):
                refusals[branch] = error
            case (.merge(let merge), .done):
                context.note(.normal, reason: merge.event, "\(merge.target) got \(merge.commit.abbreviated)")
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
        guard refusals.isEmpty else { throw ReleaseObstacle.mergesFailed(refusals.mapValues(\.message)).error }
        return plan.result
    }
}

/// What a pass over a release can find.
public enum ReleaseSight: Sendable {
    /// The release's control repository is not desired.
    case orphaned(repository: String)
    /// The control repository is left alone for a while.
    case suspended(Suspension)
    /// The release and its branches.
    case seen(SeenRelease)
}

/// A release as a pass sees it.
public struct SeenRelease: Sendable {
    let repository: ControlRepository
    let mirror: GitMirror
    /// What was observed.
    public let seen: ReleaseObservation
}

extension ReleaseAction {
    fileprivate var deletesSource: Bool { if case .deleteSource = self { true } else { false } }
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
