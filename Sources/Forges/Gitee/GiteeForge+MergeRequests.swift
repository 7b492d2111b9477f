import Diagnostics
public import GitClient
import OutboundHTTP

extension GiteeForge {
    /// See ``MergeRequestKeeping/mergeRequest(_:project:)``.
    public func mergeRequest(_ id: CandidateID, project: ProjectRef) async throws -> MergeRequest? {
        try await pulls.find(id, project)
    }

    /// See ``MergeRequestKeeping/openMergeRequests(from:into:project:)``.
    public func openMergeRequests(
        from source: RefName, into target: RefName, project: ProjectRef
    ) async throws -> [MergeRequest] {
        try await pulls.find(from: source, into: target, project)
    }

    /// See ``MergeRequestKeeping/open(_:project:)``.
    public func open(_ proposal: MergeRequestProposal, project: ProjectRef) async throws -> MergeRequest {
        try await pulls.open(proposal, project)
    }

    /// See ``MergeRequestKeeping/update(_:to:expecting:project:)``.
    public func update(
        _ id: CandidateID, to change: MergeRequestChange, expecting head: ObjectID, project: ProjectRef
    ) async throws -> Bool {
        try await pulls.update(id, to: change, expecting: head, project)
    }

    /// See ``MergeRequestKeeping/close(_:expecting:project:)``.
    public func close(_ id: CandidateID, expecting head: ObjectID, project: ProjectRef) async throws -> Bool {
        try await pulls.close(id, expecting: head, project)
    }

    /// See ``MergeRequestKeeping/askForReview(of:from:project:)``. Gitee calls those who review assignees.
    public func askForReview(
        of id: CandidateID, from people: [String], project: ProjectRef
    ) async throws -> [String] {
        try await pulls.askForReview(of: id, from: people, project, present: \.assignees) { person in
            let path = ForgeAPI.repository(project, ["pulls", id.rawValue, "assignees"])
            let answer = try await api.send(
                .post, path, body: PullWire.Assignees(assignees: person), accepting: [400, 404, 422])
            return answer.status < 300
        }
    }

    private var pulls: PullRequests {
        PullRequests(
            api: api, account: account, branchHead: { try await branchHead(project: $0, branch: $1) },
            open: { source, target, project in
                try await api.openPulls(into: target, project).filter { pull in
                    let path = pull.head.repo?.full_name ?? project.path
                    return pull.head.ref == source && path.lowercased() == project.path.lowercased()
                }
            },
            setLabels: { labels, number, project in
                _ = try await api.send(.put, ForgeAPI.repository(project, ["pulls", number, "labels"]), body: labels)
            }, statusesOfTwins: [400, 409, 422])
    }

    /// See ``MergeRequestKeeping/merge(_:expecting:message:project:)``. Gitee takes no expected head with the merge: what is
    /// pushed in the moment between the look and the merge is merged as well, and the answer is checked for it.
    public func merge(
        _ id: CandidateID, expecting head: ObjectID, message: String?, project: ProjectRef
    ) async throws -> MergeOutcome {
        guard let now = try await mergeRequest(id, project: project) else { throw ForgeProblem.missing(id) }
        if let done = try now.outcome(expecting: head) { return done }
        let title = message.map { String($0.prefix { $0 != "\n" }) }
        let rest = message.map { String($0.drop { $0 != "\n" }.drop(while: \.isNewline)) }
        let answer = try await api.send(
            .put, ForgeAPI.repository(project, ["pulls", id.rawValue, "merge"]),
            body: GiteeWire.Merge(title: title, description: rest), accepting: [400, 403, 405, 409, 422])
        guard let after = try await mergeRequest(id, project: project) else { throw ForgeProblem.missing(id) }
        if case .merged(let commit) = after.state {
            guard after.head == head else { throw ForgeProblem.moved(id, from: head, to: after.head) }
            let named = answer.status < 300 ? try answer.decoded(GiteeWire.Merged.self).sha : nil
            return .merged(as: named.flatMap { ObjectID(exactly: $0) } ?? commit)
        }
        if answer.status < 300 { throw ForgeProblem.pendingMerge(id) }
        if after.head != head { throw ForgeProblem.moved(id, from: head, to: after.head) }
        if after.state == .closed { throw ForgeProblem.closed(id) }
        throw after.mergeability == .conflicting
            ? ForgeProblem.conflicting(id.rawValue) : ForgeProblem.refusedMerge(id.rawValue, answer.words)
    }
}
