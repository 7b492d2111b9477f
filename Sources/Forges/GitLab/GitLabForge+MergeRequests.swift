import Diagnostics
public import GitClient
import OutboundHTTP

extension GitLabForge {
    /// See ``MergeRequestKeeping/mergeRequest(_:project:)``.
    public func mergeRequest(_ id: CandidateID, project: ProjectRef) async throws -> MergeRequest? {
        guard let found = try await found(id, project) else { return nil }
        return try api.require(found.mergeRequest(account: try await account()), "the commit of a merge request")
    }

    /// See ``MergeRequestKeeping/makesMergeCommits(project:)``. With `ff` the branch is moved; `rebase_merge` merges, and asks
    /// for a rebase beforehand, which Sluice's branches never pass; and with `always` all is squashed, whoever asks for what.
    public func makesMergeCommits(project: ProjectRef) async throws -> Bool {
        guard let found = try await api.find(GitLabWire.Project.self, Self.path(project, [])) else {
            throw ForgeProblem.missing(project, on: name)
        }
        return found.merge_method.map { $0 != "ff" && $0 != "rebase_merge" } ?? true && found.squash_option != "always"
    }

    /// See ``MergeRequestKeeping/openMergeRequests(from:into:project:)``.
    public func openMergeRequests(
        from source: RefName, into target: RefName, project: ProjectRef
    ) async throws -> [MergeRequest] {
        let from = try api.require(source.branchName, "a branch")
        let into = try api.require(target.branchName, "a branch")
        let found = try await api.pages(
            GitLabWire.MergeRequest.self, Self.path(project, ["merge_requests"]),
            query: [
                ("state", "opened"), ("source_branch", from), ("target_branch", into), ("order_by", "created_at"),
                ("sort", "asc"), ("scope", "all"),
            ], key: { String($0.iid) }, missing: { ForgeProblem.missing(project, on: name) })
        let account = try await account()
        // A branch of a fork may have the same name.
        return found.filter {
            $0.state == "opened" && $0.source_branch == from && $0.target_branch == into
                && $0.source_project_id == $0.target_project_id
        }.compactMap { $0.mergeRequest(account: account) }.sorted { $0.id < $1.id }
    }

    /// See ``MergeRequestKeeping/open(_:project:)``.
    public func open(_ proposal: MergeRequestProposal, project: ProjectRef) async throws -> MergeRequest {
        if let there = try await openMergeRequests(from: proposal.source, into: proposal.target, project: project).first
        {
            return there
        }
        let head = try await branchHead(project: project, branch: proposal.source)
        try api.requireHead(of: proposal, head, project)
        let answer = try await api.send(
            .post, Self.path(project, ["merge_requests"]),
            body: GitLabWire.NewMergeRequest(
                source_branch: try api.require(proposal.source.branchName, "a branch"),
                target_branch: try api.require(proposal.target.branchName, "a branch"), title: proposal.title,
                description: proposal.body,
                labels: proposal.labels.isEmpty ? nil : proposal.labels.joined(separator: ",")),
            accepting: [409])
        // Somebody was faster: theirs is the one.
        if answer.status == 409 {
            let there = try await openMergeRequests(from: proposal.source, into: proposal.target, project: project)
            guard let first = there.first else { throw answer.refused() }
            return first
        }
        let made = try answer.decoded(GitLabWire.MergeRequest.self)
        if let opened = made.mergeRequest(account: try await account()) { return opened }
        // GitLab finds out about the commits after it has answered.
        let id = try CandidateID(String(made.iid))
        return try api.require(try await mergeRequest(id, project: project), "the merge request that was just made")
    }

    /// See ``MergeRequestKeeping/update(_:to:expecting:project:)``.
    public func update(
        _ id: CandidateID, to change: MergeRequestChange, expecting head: ObjectID, project: ProjectRef
    ) async throws -> Bool {
        guard let now = try await mergeRequest(id, project: project), let number = id.number else {
            throw ForgeProblem.missing(id)
        }
        guard now.head == head else { throw ForgeProblem.moved(id, from: head, to: now.head) }
        let edit = GitLabWire.MergeRequestEdit(
            title: change.title == now.title ? nil : change.title,
            description: change.body == now.body ? nil : change.body,
            labels: change.labels == now.labels ? nil : change.labels?.joined(separator: ","))
        guard edit.title != nil || edit.description != nil || edit.labels != nil else { return false }
        _ = try await api.send(.put, Self.path(project, ["merge_requests", number]), body: edit)
        return true
    }

    /// See ``MergeRequestKeeping/askForReview(of:from:project:)``. Without a licence GitLab takes one reviewer and leaves out the
    /// others without a word; servers before 13.8 have none.
    public func askForReview(
        of id: CandidateID, from people: [String], project: ProjectRef
    ) async throws -> [String] {
        guard let now = try await found(id, project), let number = id.number else { throw ForgeProblem.missing(id) }
        func isAmong(_ users: [GitLabWire.User]?, _ person: String) -> Bool {
            users?.contains { $0.username?.lowercased() == person.lowercased() } ?? false
        }
        let wanted = people.filter { !isAmong(now.reviewers, $0) }
        guard !wanted.isEmpty, let present = now.reviewers else { return wanted }
        var reviewers = present.map(\.id)
        for person in wanted {
            let found = try await api.send(.get, ["users"], query: [("username", person)]).decoded(
                [GitLabWire.User].self)
            if let user = found.first(where: { isAmong([$0], person) }) { reviewers.append(user.id) }
        }
        guard reviewers.count > present.count else { return wanted }
        let after = try await api.send(
            .put, Self.path(project, ["merge_requests", number]),
            body: GitLabWire.MergeRequestEdit(reviewer_ids: reviewers)
        ).decoded(GitLabWire.MergeRequest.self)
        return wanted.filter { !isAmong(after.reviewers, $0) }
    }

    /// See ``MergeRequestKeeping/merge(_:expecting:message:project:)``. How it is merged is the project's setting.
    public func merge(
        _ id: CandidateID, expecting head: ObjectID, message: String?, project: ProjectRef
    ) async throws -> MergeOutcome {
        guard let now = try await mergeRequest(id, project: project), let number = id.number else {
            throw ForgeProblem.missing(id)
        }
        if let done = try now.outcome(expecting: head) { return done }
        let answer = try await api.send(
            .put, Self.path(project, ["merge_requests", number, "merge"]),
            body: GitLabWire.Merge(sha: head.hex, merge_commit_message: message), accepting: [405, 406, 409, 422])
        // Success is no proof: it may have been put into a queue. A refusal has many reasons under one status.
        guard let after = try await mergeRequest(id, project: project) else { throw ForgeProblem.missing(id) }
        if case .merged(let commit) = after.state { return .merged(as: commit) }
        if answer.status < 300 { throw ForgeProblem.pendingMerge(id) }
        if after.head != head || answer.status == 409 { throw ForgeProblem.moved(id, from: head, to: after.head) }
        if after.state == .closed { throw ForgeProblem.closed(id) }
        switch after.mergeability {
        case .checking: throw ForgeProblem.pendingMerge(id)
        case .conflicting: throw ForgeProblem.conflicting(id.rawValue)
        case .mergeable, .blocked, .unknown:
            if answer.status == 406 { throw ForgeProblem.conflicting(id.rawValue) }
            // Right after it was opened, GitLab refuses what it will take a little later.
            if after.mergeability == .mergeable { throw ForgeProblem.pendingMerge(id) }
            throw ForgeProblem.refusedMerge(id.rawValue, "\(after.mergeability) \(answer.words)")
        }
    }

    /// See ``MergeRequestKeeping/close(_:expecting:project:)``.
    public func close(_ id: CandidateID, expecting head: ObjectID, project: ProjectRef) async throws -> Bool {
        guard let now = try await mergeRequest(id, project: project), let number = id.number else {
            throw ForgeProblem.missing(id)
        }
        guard try now.isToBeClosed(expecting: head) else { return false }
        let answer = try await api.send(
            .put, Self.path(project, ["merge_requests", number]),
            body: GitLabWire.MergeRequestEdit(state_event: "close"))
        if try answer.decoded(GitLabWire.MergeRequest.self).state == "merged" { throw ForgeProblem.merged(id) }
        return true
    }
}
