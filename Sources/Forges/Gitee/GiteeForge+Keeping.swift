import Diagnostics
public import GitClient
import OutboundHTTP

extension GiteeForge {
    /// See ``BranchKeeping/branches(project:withPrefix:)``.
    public func branches(project: ProjectRef, withPrefix prefix: String) async throws -> [RefName: ObjectID] {
        let found = try await api.pages(
            GiteeWire.Branch.self, ForgeAPI.repository(project, ["branches"]), key: { $0.name },
            missing: { ForgeProblem.missing(project, on: name) })
        var branches: [RefName: ObjectID] = [:]
        for branch in found where branch.name.utf8.starts(with: prefix.utf8) {
            guard let reference = try? RefName.branch(branch.name) else { continue }
            branches[reference] = try api.require(ObjectID(exactly: branch.commit.sha), "the commit of a branch")
        }
        return branches
    }

    /// See ``BranchKeeping/createBranch(_:at:project:)``.
    public func createBranch(_ branch: RefName, at commit: ObjectID, project: ProjectRef) async throws -> Bool {
        if let head = try await branchHead(project: project, branch: branch) {
            guard head == commit else { throw ForgeProblem.moved(branch, from: nil, to: head) }
            return false
        }
        let answer = try await api.send(
            .post, ForgeAPI.repository(project, ["branches"]),
            body: GiteeWire.NewBranch(refs: commit.hex, branch_name: try api.require(branch.branchName, "a branch")),
            accepting: [400, 404, 409, 422])
        if answer.status < 300 { return true }
        if let head = try await branchHead(project: project, branch: branch), head != commit {
            throw ForgeProblem.moved(branch, from: nil, to: head)
        }
        // Gitee's words are Chinese or English; what else it may be, the commit is not there.
        throw ForgeProblem.missing(commit: commit)
    }

    /// See ``BranchKeeping/deleteBranch(_:expecting:project:)``.
    public func deleteBranch(_ branch: RefName, expecting head: ObjectID, project: ProjectRef) async throws -> Bool {
        guard let now = try await branchHead(project: project, branch: branch) else { return false }
        guard now == head else { throw ForgeProblem.moved(branch, from: head, to: now) }
        let answer = try await api.send(
            .delete, ForgeAPI.repository(project, ["branches", try api.require(branch.branchName, "a branch")]),
            accepting: [400, 403, 404, 422])
        if answer.status == 404 { return false }
        guard answer.status < 300 else { throw ForgeProblem.protected(branch, answer.words) }
        return true
    }

    /// Gitee has no statuses of commits for everyone.
    public func statuses(on commit: ObjectID, project: ProjectRef) async throws -> [CommitStatus] {
        throw notSupported(.commitStatuses)
    }

    /// Gitee has no statuses of commits for everyone.
    public func set(_ status: CommitStatus, on commit: ObjectID, project: ProjectRef) async throws -> Bool {
        throw notSupported(.commitStatuses)
    }

    /// See ``CommentKeeping/comment(marked:on:project:)``.
    public func comment(marked marker: Marker, on place: Discussion, project: ProjectRef) async throws -> Comment? {
        try await comments(place, marker, project).comment()
    }

    /// See ``CommentKeeping/keepComment(_:marked:on:project:)``.
    public func keepComment(
        _ text: String, marked marker: Marker, on place: Discussion, project: ProjectRef
    ) async throws -> CommentOutcome {
        try await comments(place, marker, project).keep(text)
    }

    func comments(_ place: Discussion, _ marker: Marker, _ project: ProjectRef) async throws -> MarkedComments {
        let account = try await account()
        switch place {
        case .mergeRequest(let id):
            guard let number = id.number else { throw ForgeProblem.missing(id) }
            return api.comments(
                marker, list: ForgeAPI.repository(project, ["pulls", number, "comments"]),
                edit: ForgeAPI.repository(project, ["pulls", "comments"]), account: account,
                missing: ForgeProblem.missing(id))
        case .issue(let id):
            return api.comments(
                marker, list: ForgeAPI.repository(project, ["issues", id.rawValue, "comments"]),
                edit: ForgeAPI.repository(project, ["issues", "comments"]), account: account,
                missing: ForgeProblem.missing(id))
        }
    }

    /// See ``IssueKeeping/issue(_:project:)``.
    public func issue(_ id: IssueID, project: ProjectRef) async throws -> Issue? {
        let found = try await api.find(
            GiteeWire.Issue.self, ForgeAPI.repository(project, ["issues", id.rawValue]))
        let account = try await account()
        return found.flatMap { $0.issue(account: account) }
    }

    /// See ``IssueKeeping/issue(marked:project:)``.
    public func issue(marked marker: Marker, project: ProjectRef) async throws -> Issue? {
        let account = try await account()
        func isIt(_ issue: GiteeWire.Issue) -> Bool {
            issue.user.map { String($0.id) } == account.id && marker.marks(issue.body ?? "")
        }
        let found = try await api.pages(
            GiteeWire.Issue.self, ForgeAPI.repository(project, ["issues"]),
            query: [("state", "all"), ("creator", account.name), ("sort", "created"), ("direction", "asc")],
            key: { $0.number }, until: isIt, missing: { ForgeProblem.missing(project, on: name) })
        return found.first(where: isIt).flatMap { $0.issue(account: account) }
    }

    /// See ``IssueKeeping/keep(_:project:)``. Gitee's issues are written below their owner, with the repository named.
    public func keep(_ draft: IssueDraft, project: ProjectRef) async throws -> Issue {
        let there = try await issue(marked: draft.marker, project: project)
        let draft = draft.keepingLabels(of: there)
        if let there, there.agrees(with: draft) { return there }
        let parts = project.path.words(at: "/").map(String.init)
        let path = ["repos", parts.first ?? "", "issues"]
        var content = GiteeWire.IssueEdit(
            repo: parts.last ?? "", title: draft.title, body: draft.text, labels: draft.labels.joined(separator: ","))
        var number = there?.id.rawValue
        if number == nil {
            number = try await api.send(.post, path, body: content).decoded(GiteeWire.IssueNumber.self).number
        }
        if let number, there != nil || !draft.isOpen {
            content.state = draft.isOpen ? "open" : "closed"
            _ = try await api.send(.patch, path + [number], body: content)
        }
        return try api.require(
            try await issue(try IssueID(number ?? ""), project: project), "the issue that was just written")
    }
}
