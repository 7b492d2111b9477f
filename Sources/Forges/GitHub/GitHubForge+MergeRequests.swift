import Diagnostics
public import GitClient
import OutboundHTTP

extension GitHubForge {
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

    /// See ``MergeRequestKeeping/makesMergeCommits(project:)``.
    public func makesMergeCommits(project: ProjectRef) async throws -> Bool {
        try await api.repository(project).allow_merge_commit ?? true
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

    /// See ``MergeRequestKeeping/askForReview(of:from:project:)``. GitHub refuses whoever is no collaborator, and the author.
    public func askForReview(
        of id: CandidateID, from people: [String], project: ProjectRef
    ) async throws -> [String] {
        try await pulls.askForReview(of: id, from: people, project, present: \.requested_reviewers) { person in
            let path = ForgeAPI.repository(project, ["pulls", id.rawValue, "requested_reviewers"])
            let answer = try await api.send(
                .post, path, body: PullWire.Reviewers(reviewers: [person]), accepting: [404, 422])
            return answer.status < 300
        }
    }

    private var pulls: PullRequests {
        PullRequests(
            api: api, account: account, branchHead: { try await branchHead(project: $0, branch: $1) },
            open: { source, target, project in
                let owner = project.path.words(at: "/").first.map(String.init) ?? ""
                let found = try await api.openPulls(into: target, project, query: [("head", "\(owner):\(source)")])
                return found.filter {
                    $0.head.ref == source && $0.head.repo?.full_name?.lowercased() == project.path.lowercased()
                }
            },
            setLabels: { labels, number, project in
                _ = try await api.send(
                    .put, ForgeAPI.repository(project, ["issues", number, "labels"]),
                    body: GitHubWire.Labels(labels: labels))
            }, statusesOfTwins: [422])
    }

    /// See ``MergeRequestKeeping/merge(_:expecting:message:project:)``.
    public func merge(
        _ id: CandidateID, expecting head: ObjectID, message: String?, project: ProjectRef
    ) async throws -> MergeOutcome {
        guard let now = try await mergeRequest(id, project: project) else { throw ForgeProblem.missing(id) }
        if let done = try now.outcome(expecting: head) { return done }
        let title = message.map { String($0.prefix { $0 != "\n" }) }
        let rest = message.map { $0.drop { $0 != "\n" }.drop(while: \.isNewline) }.map(String.init)
        let answer = try await api.send(
            .put, ForgeAPI.repository(project, ["pulls", id.rawValue, "merge"]),
            body: GitHubWire.Merge(sha: head.hex, commit_title: title, commit_message: rest),
            accepting: [405, 409, 422])
        if answer.status < 300 {
            return .merged(as: try answer.decoded(GitHubWire.Merged.self).sha.flatMap { ObjectID(exactly: $0) })
        }
        guard let after = try await mergeRequest(id, project: project) else { throw ForgeProblem.missing(id) }
        if case .merged(let commit) = after.state { return .merged(as: commit) }
        if after.head != head || answer.status == 409 { throw ForgeProblem.moved(id, from: head, to: after.head) }
        if after.state == .closed { throw ForgeProblem.closed(id) }
        switch after.mergeability {
        case .checking: throw ForgeProblem.pendingMerge(id)
        case .conflicting: throw ForgeProblem.conflicting(id.rawValue)
        case .mergeable, .blocked, .unknown: throw ForgeProblem.refusedMerge(id.rawValue, answer.words)
        }
    }
}
