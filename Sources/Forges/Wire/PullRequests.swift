import Diagnostics
import GitClient
import OutboundHTTP

/// Merge requests of our own on GitHub and on Gitee, whose interface is modelled on GitHub's. How they are merged differs.
struct PullRequests {
    let api: ForgeAPI
    let account: () async throws -> ForgeAccount
    let branchHead: (ProjectRef, RefName) async throws -> ObjectID?
    /// Open pull requests of the project's own branch into another one. A branch of a fork may have the same name.
    let open: (_ source: String, _ target: String, ProjectRef) async throws -> [PullWire.Pull]
    /// Puts labels in the place of those that are there.
    let setLabels: ([String], _ number: String, ProjectRef) async throws -> Void
    /// The statuses by which the host says that there is such a pull request already.
    let statusesOfTwins: Set<Int>

    func find(_ id: CandidateID, _ project: ProjectRef) async throws -> MergeRequest? {
        guard let pull = try await api.pull(id, project) else { return nil }
        return try api.require(pull.mergeRequest(account: try await account()), "the head of a pull request")
    }

    func find(from source: RefName, into target: RefName, _ project: ProjectRef) async throws -> [MergeRequest] {
        let pulls = try await open(
            try api.require(source.branchName, "a branch"), try api.require(target.branchName, "a branch"), project)
        let account = try await account()
        return pulls.compactMap { $0.mergeRequest(account: account) }.sorted { $0.id < $1.id }
    }

    func open(_ proposal: MergeRequestProposal, _ project: ProjectRef) async throws -> MergeRequest {
        if let there = try await find(from: proposal.source, into: proposal.target, project).first { return there }
        try api.requireHead(of: proposal, try await branchHead(project, proposal.source), project)
        let answer = try await api.send(
            .post, ForgeAPI.repository(project, ["pulls"]),
            body: PullWire.NewPull(
                title: proposal.title, head: try api.require(proposal.source.branchName, "a branch"),
                base: try api.require(proposal.target.branchName, "a branch"), body: proposal.body),
            accepting: statusesOfTwins)
        guard answer.status < 300 else {
            // Somebody was faster: theirs is the one.
            let there = try await find(from: proposal.source, into: proposal.target, project)
            guard let first = there.first else { throw answer.refused() }
            return first
        }
        let number = String(try answer.decoded(PullWire.Created.self).number)
        if !proposal.labels.isEmpty { try await setLabels(proposal.labels, number, project) }
        return try api.require(
            try await find(try CandidateID(number), project), "the pull request that was just made")
    }

    func update(
        _ id: CandidateID, to change: MergeRequestChange, expecting head: ObjectID, _ project: ProjectRef
    ) async throws -> Bool {
        guard let now = try await find(id, project) else { throw ForgeProblem.missing(id) }
        guard now.head == head else { throw ForgeProblem.moved(id, from: head, to: now.head) }
        let edit = PullWire.PullEdit(
            title: change.title == now.title ? nil : change.title, body: change.body == now.body ? nil : change.body)
        let isEdited = edit.title != nil || edit.body != nil
        if isEdited {
            _ = try await api.send(.patch, ForgeAPI.repository(project, ["pulls", id.rawValue]), body: edit)
        }
        guard let labels = change.labels, labels != now.labels else { return isEdited }
        try await setLabels(labels, id.rawValue, project)
        return true
    }

    /// Asks people one by one: of several, the hosts refuse all for the sake of one.
    /// - Parameters:
    ///   - present: Those who are asked already.
    ///   - ask: Asks one; says whether the host took it.
    func askForReview(
        of id: CandidateID, from people: [String], _ project: ProjectRef,
        present: (PullWire.Pull) -> [PullWire.User]?, ask: (String) async throws -> Bool
    ) async throws -> [String] {
        guard let now = try await api.pull(id, project) else { throw ForgeProblem.missing(id) }
        let there = Set((present(now) ?? []).map { $0.login.lowercased() })
        var left: [String] = []
        for person in people where !there.contains(person.lowercased()) {
            if try await !ask(person) { left.append(person) }
        }
        return left
    }

    func close(_ id: CandidateID, expecting head: ObjectID, _ project: ProjectRef) async throws -> Bool {
        guard let now = try await find(id, project) else { throw ForgeProblem.missing(id) }
        guard try now.isToBeClosed(expecting: head) else { return false }
        let answer = try await api.send(
            .patch, ForgeAPI.repository(project, ["pulls", id.rawValue]), body: PullWire.PullEdit(state: "closed"))
        if try answer.decoded(PullWire.Pull.self).isMerged { throw ForgeProblem.merged(id) }
        return true
    }
}
