import Diagnostics
import Foundation
public import GitClient
import OutboundHTTP

extension GitLabForge {
    /// See ``BranchKeeping/branches(project:withPrefix:)``.
    public func branches(project: ProjectRef, withPrefix prefix: String) async throws -> [RefName: ObjectID] {
        let found = try await api.pages(
            GitLabWire.Branch.self, Self.path(project, ["repository", "branches"]),
            query: prefix.isEmpty ? [] : [("search", "^\(prefix)")], key: { $0.name },
            missing: { ForgeProblem.missing(project, on: name) })
        var branches: [RefName: ObjectID] = [:]
        for branch in found where branch.name.utf8.starts(with: prefix.utf8) {
            guard let reference = try? RefName.branch(branch.name) else { continue }
            branches[reference] = try api.require(ObjectID(exactly: branch.commit.id), "the commit of a branch")
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
            .post, Self.path(project, ["repository", "branches"]),
            body: GitLabWire.NewBranch(branch: try api.require(branch.branchName, "a branch"), ref: commit.hex),
            accepting: [400])
        guard answer.status == 400 else { return true }
        if answer.words.localizedCaseInsensitiveContains("already exists") {
            throw ForgeProblem.moved(branch, from: nil, to: nil)
        }
        if answer.words.localizedCaseInsensitiveContains("invalid reference") {
            throw ForgeProblem.missing(commit: commit)
        }
        throw answer.refused()
    }

    /// See ``BranchKeeping/deleteBranch(_:expecting:project:)``.
    public func deleteBranch(_ branch: RefName, expecting head: ObjectID, project: ProjectRef) async throws -> Bool {
        guard let now = try await branchHead(project: project, branch: branch) else { return false }
        guard now == head else { throw ForgeProblem.moved(branch, from: head, to: now) }
        let answer = try await api.send(
            .delete, Self.path(project, ["repository", "branches", try api.require(branch.branchName, "a branch")]),
            accepting: [403, 404])
        if answer.status == 403 { throw ForgeProblem.protected(branch, answer.words) }
        return answer.status != 404
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

    func comments(_ place: Discussion, _ marker: Marker, _ project: ProjectRef) throws -> MarkedComments {
        let path: [String]
        let missing: SluiceError
        switch place {
        case .mergeRequest(let id):
            missing = ForgeProblem.missing(id)
            guard let number = id.number else { throw missing }
            path = Self.path(project, ["merge_requests", number, "notes"])
        case .issue(let id):
            missing = ForgeProblem.missing(id)
            path = Self.path(project, ["issues", id.rawValue, "notes"])
        }
        return MarkedComments(
            marker: marker,
            find: {
                let account = try await account()
                func isOurs(_ note: GitLabWire.Note) -> Bool {
                    note.author.map { String($0.id) } == account.id && note.system != true
                        && marker.marks(note.body ?? "")
                }
                let notes = try await api.pages(
                    GitLabWire.Note.self, path, query: [("order_by", "created_at"), ("sort", "asc")],
                    key: { String($0.id) }, until: isOurs, missing: { missing })
                return notes.first(where: isOurs).map { .init(id: String($0.id), body: $0.body ?? "") }
            },
            post: { _ = try await api.send(.post, path, body: GitLabWire.Body(body: $0)) },
            edit: { _ = try await api.send(.put, path + [$0], body: GitLabWire.Body(body: $1)) })
    }

    /// See ``IssueKeeping/issue(_:project:)``.
    public func issue(_ id: IssueID, project: ProjectRef) async throws -> Issue? {
        let found = try await api.find(GitLabWire.Issue.self, Self.path(project, ["issues", id.rawValue]))
        let account = try await account()
        return found.flatMap { $0.issue(account: account) }
    }

    /// See ``IssueKeeping/issue(marked:project:)``.
    public func issue(marked marker: Marker, project: ProjectRef) async throws -> Issue? {
        let account = try await account()
        func isIt(_ issue: GitLabWire.Issue) -> Bool {
            issue.author.map { String($0.id) } == account.id && marker.marks(issue.description ?? "")
        }
        let found = try await api.pages(
            GitLabWire.Issue.self, Self.path(project, ["issues"]),
            query: [
                ("state", "all"), ("author_id", account.id), ("scope", "all"), ("order_by", "created_at"),
                ("sort", "asc"),
            ], key: { String($0.iid) }, until: isIt, missing: { ForgeProblem.missing(project, on: name) })
        return found.first(where: isIt).flatMap { $0.issue(account: account) }
    }

    /// See ``IssueKeeping/keep(_:project:)``.
    public func keep(_ draft: IssueDraft, project: ProjectRef) async throws -> Issue {
        let there = try await issue(marked: draft.marker, project: project)
        let draft = draft.keepingLabels(of: there)
        if let there, there.agrees(with: draft) { return there }
        var content = GitLabWire.NewIssue(
            title: draft.title, description: draft.text, labels: draft.labels.joined(separator: ","))
        let path = Self.path(project, ["issues"])
        var number = there?.id.rawValue
        if number == nil {
            let made = try await api.send(.post, path, body: content).decoded(GitLabWire.Issue.self)
            number = String(made.iid)
        }
        let isOpen = there.map { $0.state == .open } ?? true
        if isOpen != draft.isOpen { content.state_event = draft.isOpen ? "reopen" : "close" }
        if let number, there != nil || content.state_event != nil {
            _ = try await api.send(.put, path + [number], body: content)
        }
        return try api.require(
            try await issue(try IssueID(number ?? ""), project: project), "the issue that was just written")
    }
}
