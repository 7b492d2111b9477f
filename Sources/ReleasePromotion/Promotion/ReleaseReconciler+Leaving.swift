import DesiredState
import Diagnostics
import Forges
import GitClient
import Reconciliation
import StateStore

/// What is left under way of a release that is not desired any more.
public struct LeavingRelease: Sendable {
    let repository: ControlRepository
    let release: ReleaseName
    /// Its short-lived branches on the code host. Those that hold commits of somebody's are not among them.
    let shortLived: [String: ObjectID]

    /// What is to be done about it: only what would be nobody's goes. What was merged stays, and so does the source.
    var plan: Plan<ReleaseAction> {
        Plan(ReleasePlan.withdrawing(shortLived), then: .removed)
    }
}

extension ReleaseReconciler {
    /// Looks for what a release that is not desired any more has left under way.
    func leaving(_ resource: StoredResource) async throws -> ReleaseSight {
        let status = ReleaseStatus(resource.status)
        let mayLeave = status?.isUnderWay ?? true
        guard let spec = (try? ResourceSpec(kind: .release, json: resource.spec))?.release else {
            return .abandoned(because: "what it was cannot be read any more", mayLeave: mayLeave)
        }
        do {
            guard let repository = try await directory.controlRepository(named: spec.repository) else {
                return .abandoned(because: "its control repository is not desired any more", mayLeave: mayLeave)
            }
            if let suspension = repository.spec.suspension(at: now()) { return .suspended(suspension) }
            let release = ReleaseName(repository: repository.name, release: resource.key.name)
            let mirror = try await directory.mirror(of: repository)
            let heads = try await mirror.heads()
            let rules = repository.spec
            let known = status?.commit.flatMap { ObjectID(exactly: $0) }
            let shortLived = try await mirror.speculate { trial in
                try ReleaseReader(
                    trial: trial, release: release, spec: spec, rules: rules, heads: heads, remembered: [:], pins: nil,
                    known: known
                ).shortLived(heads[spec.source]).ours
            }
            return .leaving(LeavingRelease(repository: repository, release: release, shortLived: shortLived))
        } catch let error as SluiceError
            where error.saysProjectIsGone || error.code == "control-repository.incomplete"
        {
            return .abandoned(because: error.message, mayLeave: mayLeave)
        }
    }

    /// Tidies up after a release that is not desired any more; nil for one that is.
    func takeLeave(
        _ sight: ReleaseSight, _ plan: Plan<ReleaseAction>, in context: ReconcileContext
    ) async throws -> ReconcileResult? {
        switch sight {
        case .orphaned, .suspended, .seen: return nil
        case .gone: return plan.result
        case .abandoned(let reason, let mayLeave):
            if mayLeave {
                context.note(.warning, reason: "LeftBehind", "short-lived branches may be left: \(reason)")
            }
            return plan.result
        case .leaving:
            let report = try await context.carryOut(plan.actions) { try await apply($0, sight, in: $1) }
            if let failure = report.firstFailure { throw failure }
            return plan.result
        }
    }

    /// Closes what is open from a short-lived branch, then deletes the branch.
    func withdraw(
        _ branch: String, at head: ObjectID, of release: ReleaseName, _ repository: ControlRepository,
        in task: TaskContext
    ) async throws -> TaskOutcome {
        try await repository.withdraw(branch, at: head, from: release.target(ofShortLived: branch), in: task)
    }
}

extension ControlRepository {
    /// Closes what is open from a branch of our own, then deletes the branch.
    /// - Parameter target: The branch that it was proposed to; nil when that is not known.
    func withdraw(
        _ branch: String, at head: ObjectID, from target: String?, in task: TaskContext
    ) async throws -> TaskOutcome {
        let source = try RefName.branch(branch)
        if let target = try target.map(RefName.branch) {
            for request in try await forge.openMergeRequests(from: source, into: target, project: project) {
                _ = try await forge.close(request.id, expecting: request.head, project: project)
            }
        }
        try await task.reach("after:request.close")
        let isGone = try await forge.deleteBranch(source, expecting: head, project: project)
        return isGone ? .done() : .notNeeded(because: "the branch is gone already")
    }
}

extension ReleaseStatus {
    /// Whether a pass may have been in the middle of something.
    fileprivate var isUnderWay: Bool {
        begun != nil || steps.contains { [.releasing, .failed, .rollingBack, .rollbackFailed].contains($0.state) }
    }
}
