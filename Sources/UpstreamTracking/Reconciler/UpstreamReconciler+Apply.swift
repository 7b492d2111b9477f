import DesiredState
import Diagnostics
import Forges
import GitClient
public import Reconciliation

extension UpstreamReconciler {
    /// Carries out one action.
    public func apply(
        _ action: TrackingAction, _ sight: UpstreamSight, in task: TaskContext
    ) async throws -> TaskOutcome {
        guard case .seen(let watch) = sight else { return .notNeeded(because: "there is no such upstream") }
        let (forge, project) = (watch.tracking.forge, try watch.tracking.project)
        switch action {
        case .moveCursor: return .done()
        case .push(let commit, let origin, _): return try await push(commit, from: origin, watch)
        case .tellIssue(let text): return try await tell(text, watch)
        case .tellRequest(let text, let head): return try await propose(text, at: head, watch, in: task)
        case .verify(let commit, let fits, let summary):
            guard forge.capabilities.contains(.commitStatuses) else {
                return .notNeeded(because: "the forge has no statuses of commits")
            }
            let status = CommitStatus(
                context: "sluice/upstream", state: fits ? .success : .failed, summary: summary)
            let isNew = try await forge.set(status, on: commit, project: project)
            return isNew ? .done() : .notNeeded(because: "the status stands there already")
        case .closeRequest(let id, let head):
            let isNew = try await forge.close(id, expecting: head, project: project)
            return isNew ? .done() : .notNeeded(because: "it is closed already")
        case .deleteBranch(let head):
            let isNew = try await forge.deleteBranch(try watch.tracking.branch, expecting: head, project: project)
            return isNew ? .done() : .notNeeded(because: "the branch is gone already")
        case .closeIssue: return try await closeIssue(watch)
        }
    }

    private func push(
        _ commit: ObjectID, from origin: ObjectID?, _ watch: UpstreamWatch
    ) async throws -> TaskOutcome {
        guard let wanted = watch.commit else { return .notNeeded(because: "nothing is proposed") }
        let made = try await watch.package.make { try wanted.make(in: $0) }
        guard made == commit else {
            throw SluiceError("upstream.commit-differs", .conflict, "the package has changed meanwhile")
        }
        try await directory.push(
            [ReferenceUpdate(try watch.tracking.branch, from: origin, to: made)], from: watch.package,
            to: watch.tracking)
        return .done(["branch": .string(try watch.tracking.branch.rawValue)])
    }

    private func tell(_ text: ProposalText, _ watch: UpstreamWatch) async throws -> TaskOutcome {
        let tracking = watch.tracking
        guard tracking.forge.capabilities.contains(.issues) else {
            return .notNeeded(because: "the forge has no issues")
        }
        let issue = try await tracking.forge.keep(
            IssueDraft(
                marker: try tracking.marker, title: text.title, body: text.issue, labels: tracking.spec.labels),
            project: try tracking.project)
        return .done(["issue": .string(issue.id.rawValue)])
    }

    /// Opens the merge request, unless one is open, and makes it say what is proposed.
    private func propose(
        _ text: ProposalText, at head: ObjectID, _ watch: UpstreamWatch, in task: TaskContext
    ) async throws -> TaskOutcome {
        let tracking = watch.tracking
        let (forge, project) = (tracking.forge, try tracking.project)
        let issue = try await issue(of: tracking).map { "\n\nIssue #\($0.id)" } ?? ""
        let body = text.request + issue
        let request = try await forge.open(
            MergeRequestProposal(
                source: try tracking.branch, head: head, target: try .branch(tracking.spec.package.branch),
                title: text.title, body: body, labels: tracking.spec.labels),
            project: project)
        try await task.reach("after:request.open")
        let differs = request.title != text.title || request.body != body
        if differs, forge.capabilities.contains(.editMergeRequests) {
            let labels = Set(request.labels).union(tracking.spec.labels).sorted()
            _ = try await forge.update(
                request.id, to: MergeRequestChange(title: text.title, body: body, labels: labels),
                expecting: request.head, project: project)
        }
        return .done(["mergeRequest": .string(request.id.rawValue)])
    }

    private func closeIssue(_ watch: UpstreamWatch) async throws -> TaskOutcome {
        let tracking = watch.tracking
        guard let issue = try await issue(of: tracking), issue.state == .open else {
            return .notNeeded(because: "the issue is closed already")
        }
        let marker = try tracking.marker
        _ = try await tracking.forge.keep(
            IssueDraft(
                marker: marker, title: issue.title, body: marker.unmarked(issue.body), labels: issue.labels,
                isOpen: false),
            project: try tracking.project)
        return .done()
    }
}
