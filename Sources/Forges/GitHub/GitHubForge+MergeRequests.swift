import Diagnostics
public import GitClient
import OutboundHTTP

extension GitHubForge {
    /// See ``MergeRequestKeeping/mergeRequest(_:project:)``.
    public func mergeRequest(_ id: CandidateID, project: ProjectRef) async throws -> MergeRequest? {
        guard let pull = try await api.pull(id, project) else { return nil }
        return try api.require(pull.mergeRequest(account: try await account()), "the head of a pull request")
    }

    /// See ``MergeRequestKeeping/openMergeRequests(from:into:project:)``.
    public func openMergeRequests(
        from source: RefName, into target: RefName, project: ProjectRef
    ) async throws -> [MergeRequest] {
        let from = try api.require(source.branchName, "a branch")
        let owner = project.path.split(separator: "/").first.map(String.init) ?? ""
        let pulls = try await api.openPulls(
            into: try api.require(target.branchName, "a branch"), project, query: [("head", "\(owner):\(from)")])
        let account = try await account()
        // A branch of a fork may have the same name.
        return pulls.filter {
            $0.head.ref == from && $0.head.repo?.full_name?.lowercased() == project.path.lowercased()
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
            .post, ForgeAPI.repository(project, ["pulls"]),
            body: PullWire.NewPull(
                title: proposal.title, head: try api.require(proposal.source.branchName, "a branch"),
                base: try api.require(proposal.target.branchName, "a branch"), body: proposal.body),
            accepting: [422])
        if answer.status == 422 {
            let there = try await openMergeRequests(from: proposal.source, into: proposal.target, project: project)
            guard let first = there.first else { throw answer.refused() }
            return first
        }
        let number = try answer.decoded(PullWire.Created.self).number
        if !proposal.labels.isEmpty { try await setLabels(proposal.labels, of: String(number), project) }
        return try api.require(
            try await mergeRequest(try CandidateID(String(number)), project: project),
            "the pull request that was just made")
    }

    /// See ``MergeRequestKeeping/update(_:to:expecting:project:)``.
    public func update(
        _ id: CandidateID, to change: MergeRequestChange, expecting head: ObjectID, project: ProjectRef
    ) async throws -> Bool {
        guard let now = try await mergeRequest(id, project: project) else { throw ForgeProblem.missing(id) }
        guard now.head == head else { throw ForgeProblem.moved(id, from: head, to: now.head) }
        let edit = PullWire.PullEdit(
            title: change.title == now.title ? nil : change.title, body: change.body == now.body ? nil : change.body)
        let isEdited = edit.title != nil || edit.body != nil
        if isEdited {
            _ = try await api.send(.patch, ForgeAPI.repository(project, ["pulls", id.rawValue]), body: edit)
        }
        guard let labels = change.labels, labels != now.labels else { return isEdited }
        try await setLabels(labels, of: id.rawValue, project)
        return true
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

    /// See ``MergeRequestKeeping/close(_:expecting:project:)``.
    public func close(_ id: CandidateID, expecting head: ObjectID, project: ProjectRef) async throws -> Bool {
        guard let now = try await mergeRequest(id, project: project) else { throw ForgeProblem.missing(id) }
        guard try now.isToBeClosed(expecting: head) else { return false }
        let answer = try await api.send(
            .patch, ForgeAPI.repository(project, ["pulls", id.rawValue]), body: PullWire.PullEdit(state: "closed"))
        if try answer.decoded(PullWire.Pull.self).isMerged { throw ForgeProblem.merged(id) }
        return true
    }

    private func setLabels(_ labels: [String], of number: String, _ project: ProjectRef) async throws {
        _ = try await api.send(
            .put, ForgeAPI.repository(project, ["issues", number, "labels"]), body: GitHubWire.Labels(labels: labels))
    }
}
