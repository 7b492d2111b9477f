import Diagnostics
public import GitClient
import OutboundHTTP

extension GitHubForge {
    /// See ``BranchKeeping/branches(project:withPrefix:)``.
    public func branches(project: ProjectRef, withPrefix prefix: String) async throws -> [RefName: ObjectID] {
        let found = try await api.pages(
            GitHubWire.Reference.self,
            ForgeAPI.repository(project, ["git", "matching-refs", "heads"] + ForgeAPI.parts(prefix)),
            key: { $0.ref }, missing: { ForgeProblem.missing(project, on: name) })
        var branches: [RefName: ObjectID] = [:]
        for branch in found where branch.ref.utf8.starts(with: "refs/heads/\(prefix)".utf8) {
            guard let reference = try? RefName(branch.ref) else { continue }
            branches[reference] = try api.require(ObjectID(exactly: branch.object.sha), "the commit of a branch")
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
            .post, ForgeAPI.repository(project, ["git", "refs"]),
            body: GitHubWire.NewReference(ref: branch.rawValue, sha: commit.hex), accepting: [422])
        guard answer.status == 422 else { return true }
        if answer.words.holds("already exists") { throw ForgeProblem.moved(branch, from: nil, to: nil) }
        if answer.words.holds("Object does not exist") { throw ForgeProblem.missing(commit: commit) }
        throw answer.refused()
    }

    /// See ``BranchKeeping/deleteBranch(_:expecting:project:)``.
    public func deleteBranch(_ branch: RefName, expecting head: ObjectID, project: ProjectRef) async throws -> Bool {
        guard let now = try await branchHead(project: project, branch: branch) else { return false }
        guard now == head else { throw ForgeProblem.moved(branch, from: head, to: now) }
        let name = ForgeAPI.parts(try api.require(branch.branchName, "a branch"))
        let answer = try await api.send(
            .delete, ForgeAPI.repository(project, ["git", "refs", "heads"] + name), accepting: [403, 404, 422])
        if answer.status == 404 || answer.words.holds("does not exist") { return false }
        guard answer.status < 300 else { throw ForgeProblem.protected(branch, answer.words) }
        return true
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

    /// Pull requests are issues, as far as comments go.
    func comments(_ place: Discussion, _ marker: Marker, _ project: ProjectRef) async throws -> MarkedComments {
        let number: String?
        let missing: SluiceError
        switch place {
        case .mergeRequest(let id): (number, missing) = (id.number, ForgeProblem.missing(id))
        case .issue(let id): (number, missing) = (id.rawValue, ForgeProblem.missing(id))
        }
        guard let number else { throw missing }
        return api.comments(
            marker, list: ForgeAPI.repository(project, ["issues", number, "comments"]),
            edit: ForgeAPI.repository(project, ["issues", "comments"]), account: try await account(), missing: missing)
    }

    /// See ``IssueKeeping/issue(_:project:)``.
    public func issue(_ id: IssueID, project: ProjectRef) async throws -> Issue? {
        let found = try await api.find(
            GitHubWire.Issue.self, ForgeAPI.repository(project, ["issues", id.rawValue]))
        let account = try await account()
        return found.flatMap { $0.issue(account: account) }
    }

    /// See ``IssueKeeping/issue(marked:project:)``.
    public func issue(marked marker: Marker, project: ProjectRef) async throws -> Issue? {
        let account = try await account()
        func isIt(_ issue: GitHubWire.Issue) -> Bool {
            issue.pull_request == nil && issue.user.map { String($0.id) } == account.id
                && marker.marks(issue.body ?? "")
        }
        let found = try await api.pages(
            GitHubWire.Issue.self, ForgeAPI.repository(project, ["issues"]),
            query: [("state", "all"), ("creator", account.name), ("sort", "created"), ("direction", "asc")],
            key: { String($0.number) }, until: isIt, missing: { ForgeProblem.missing(project, on: name) })
        return found.first(where: isIt).flatMap { $0.issue(account: account) }
    }

    /// See ``IssueKeeping/keep(_:project:)``.
    public func keep(_ draft: IssueDraft, project: ProjectRef) async throws -> Issue {
        let there = try await issue(marked: draft.marker, project: project)
        let draft = draft.keepingLabels(of: there)
        if let there, there.agrees(with: draft) { return there }
        var content = GitHubWire.IssueEdit(title: draft.title, body: draft.text, labels: draft.labels)
        let path = ForgeAPI.repository(project, ["issues"])
        var number = there?.id.rawValue
        if number == nil {
            number = String(try await api.send(.post, path, body: content).decoded(PullWire.Created.self).number)
        }
        if let number, there != nil || !draft.isOpen {
            content.state = draft.isOpen ? "open" : "closed"
            _ = try await api.send(.patch, path + [number], body: content)
        }
        return try api.require(
            try await issue(try IssueID(number ?? ""), project: project), "the issue that was just written")
    }
}
