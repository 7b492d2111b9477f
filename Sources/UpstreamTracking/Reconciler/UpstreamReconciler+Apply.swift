import DesiredState
import Diagnostics
import Forges
import GitClient
public import Reconciliation
import StateStore

extension UpstreamReconciler {
    /// Carries out one step.
    public func apply(
        _ step: TrackingStep, _ sight: UpstreamSight, in task: TaskContext
    ) async throws -> TaskOutcome {
        let watch: UpstreamWatch
        switch sight {
        case .seen(let found), .leaving(let found), .moving(let found?, _): watch = found
        case .gone, .abandoned, .suspended, .moving: return .notNeeded(because: "there is no such upstream")
        }
        let (forge, project) = (watch.tracking.forge, try watch.tracking.project)
        switch step.action {
        case .moveCursor, .followRewritten: return .done()
        case .obey(let order, _): return try await obey(order, watch, in: task)
        case .push(let commit, let origin, _): return try await push(commit, from: origin, watch)
        case .tellIssue(let text):
            do {
                return try await tell(text, watch)
            } catch let error as SluiceError {
                // The merge request does not wait for the issue; what may pass is tried again afterwards.
                return error.kind == .stalled ? .notNeeded(because: error.message) : .failed(error)
            }
        case .askReviewers(let people): return try await ask(people, watch, in: task)
        case .warn(let id, let line): return try await warn(id, line, watch)
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

    /// The answer, what comes of it and what is told of it are written in one step, so that no order is carried out twice, lost,
    /// or answered without a word.
    private func obey(
        _ order: TrackingOrder, _ watch: UpstreamWatch, in task: TaskContext
    ) async throws -> TaskOutcome {
        let status = try JSONValue(encoding: watch.seen.after.obeying(order))
        let isDone = order.outcome == .done
        let event = NewEvent(
            isDone ? .normal : .warning, reason: isDone ? "OrderDone" : "OrderRefused",
            message: "\(order.command?.verb ?? "an order") by \(order.actor): \(order.answer)")
        let isNew = try await store.orders.answer(
            order.id, order.outcome, order.answer, StatusReport(status: status), events: [event],
            under: task.context.lease)
        guard isNew else { return .notNeeded(because: "it was answered already") }
        return .done(["answer": .string(order.answer)])
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
        // A look that fails is repeated: a text that was told without its issue would stay so.
        let issue = watch.seen.issueProblem == nil ? try await issue(of: tracking) : nil
        let body = text.request + (issue.map { "\n\nIssue #\($0.id)" } ?? "")
        let request = try await forge.open(
            MergeRequestProposal(
                source: try tracking.branch, head: head, target: try .branch(tracking.spec.package.branch),
                title: text.title, body: body, labels: tracking.spec.labels),
            project: project)
        try await task.reach("after:request.open")
        guard request.isOurs else { return .notNeeded(because: "somebody else has opened one from the branch") }
        let differs = request.title != text.title || request.body != body
        if differs, forge.capabilities.contains(.editMergeRequests) {
            let labels = Set(request.labels).union(tracking.spec.labels).sorted()
            _ = try await forge.update(
                request.id, to: MergeRequestChange(title: text.title, body: body, labels: labels),
                expecting: request.head, project: project)
        }
        return .done(["mergeRequest": .string(request.id.rawValue)])
    }

    /// Puts a line above the text of the merge request, or takes it away.
    private func warn(_ id: CandidateID, _ line: String?, _ watch: UpstreamWatch) async throws -> TaskOutcome {
        let (forge, project) = (watch.tracking.forge, try watch.tracking.project)
        guard forge.capabilities.contains(.editMergeRequests) else {
            return .notNeeded(because: "the text of a merge request cannot be changed on this forge")
        }
        guard let request = try await forge.mergeRequest(id, project: project), request.state == .open else {
            return .notNeeded(because: "the merge request is not open any more")
        }
        let body = StuckNotice.text(request.body, saying: line)
        guard body != request.body else { return .notNeeded(because: "it says so already") }
        _ = try await forge.update(
            id, to: MergeRequestChange(body: body), expecting: request.head, project: project)
        return .done()
    }

    /// Asks people to look. Whom the host does not let us ask is told, and not asked again.
    private func ask(
        _ people: [String], _ watch: UpstreamWatch, in task: TaskContext
    ) async throws -> TaskOutcome {
        let tracking = watch.tracking
        let (forge, project) = (tracking.forge, try tracking.project)
        let open = try await forge.openMergeRequests(
            from: try tracking.branch, into: try .branch(tracking.spec.package.branch), project: project)
        guard let request = open.first(where: \.isOurs) else { return .notNeeded(because: "no merge request is open") }
        do {
            let left = try await forge.askForReview(of: request.id, from: people, project: project)
            guard !left.isEmpty else { return .done() }
            let names = left.joined(separator: ", ")
            task.context.note(
                .warning, reason: "ReviewersNotAsked", "the forge does not let us ask \(names) to look at \(request.id)"
            )
            return .done(["notAsked": .array(left.map(JSONValue.string))])
        } catch let error as SluiceError where error.kind == .stalled {
            task.context.note(.warning, reason: "ReviewersNotAsked", error.message)
            return .done(["notAsked": .array(people.map(JSONValue.string))])
        }
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
