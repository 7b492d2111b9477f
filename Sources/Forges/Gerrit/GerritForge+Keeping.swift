import Diagnostics
public import GitClient
import OutboundHTTP

extension GerritForge {
    /// See ``BranchKeeping/branches(project:withPrefix:)``.
    public func branches(project: ProjectRef, withPrefix prefix: String) async throws -> [RefName: ObjectID] {
        let size = 100
        let found = try await api.list(
            from: 0, size: size, key: { (branch: GerritWire.Branch) in branch.ref }
        ) { start in
            var query = [("n", String(size)), ("S", String(start))]
            if !prefix.isEmpty { query.append(("m", prefix)) }
            let answer = try await api.send(
                .get, ["projects", project.path, "branches", ""], query: query, accepting: [404])
            guard answer.status != 404 else { throw ForgeProblem.missing(project, on: name) }
            let page = try answer.decoded([GerritWire.Branch].self)
            return ForgePage(elements: page, total: nil, next: page.count < size ? nil : start + page.count)
        }
        var branches: [RefName: ObjectID] = [:]
        for branch in found where branch.ref.utf8.starts(with: "refs/heads/\(prefix)".utf8) {
            guard let reference = try? RefName(branch.ref) else { continue }
            branches[reference] = try api.require(ObjectID(exactly: branch.revision), "the commit of a branch")
        }
        return branches
    }

    /// See ``BranchKeeping/createBranch(_:at:project:)``.
    public func createBranch(_ branch: RefName, at commit: ObjectID, project: ProjectRef) async throws -> Bool {
        let path = ["projects", project.path, "branches", try api.require(branch.branchName, "a branch")]
        if let head = try await branchHead(project: project, branch: branch) {
            guard head == commit else { throw ForgeProblem.moved(branch, from: nil, to: head) }
            return false
        }
        let answer = try await api.send(
            .put, path, body: GerritWire.NewBranch(revision: commit.hex), accepting: [409, 422])
        switch answer.status {
        case 409: throw ForgeProblem.moved(branch, from: nil, to: nil)
        case 422: throw ForgeProblem.missing(commit: commit)
        default: return true
        }
    }

    /// See ``BranchKeeping/deleteBranch(_:expecting:project:)``.
    public func deleteBranch(_ branch: RefName, expecting head: ObjectID, project: ProjectRef) async throws -> Bool {
        guard let now = try await branchHead(project: project, branch: branch) else { return false }
        guard now == head else { throw ForgeProblem.moved(branch, from: head, to: now) }
        let path = ["projects", project.path, "branches", try api.require(branch.branchName, "a branch")]
        let answer = try await api.send(.delete, path, accepting: [404, 409])
        if answer.status == 409 { throw ForgeProblem.protected(branch, answer.words) }
        return answer.status != 404
    }

    /// Gerrit has no issues.
    public func issue(_ id: IssueID, project: ProjectRef) async throws -> Issue? { throw notSupported(.issues) }

    /// Gerrit has no issues.
    public func issue(marked marker: Marker, project: ProjectRef) async throws -> Issue? {
        throw notSupported(.issues)
    }

    /// Gerrit has no issues.
    public func keep(_ draft: IssueDraft, project: ProjectRef) async throws -> Issue { throw notSupported(.issues) }

    /// Gerrit has no statuses of commits.
    public func statuses(on commit: ObjectID, project: ProjectRef) async throws -> [CommitStatus] {
        throw notSupported(.commitStatuses)
    }

    /// Gerrit has no statuses of commits.
    public func set(_ status: CommitStatus, on commit: ObjectID, project: ProjectRef) async throws -> Bool {
        throw notSupported(.commitStatuses)
    }

    /// Our last message with the marker's tag.
    public func comment(marked marker: Marker, on place: Discussion, project: ProjectRef) async throws -> Comment? {
        let change = try await discussed(place, project)
        let message = change?.message(tagged: Self.tag(marker), by: try await account())
        return message.map { Comment(id: $0.id, text: GerritText.withoutPrefix($0.message ?? "")) }
    }

    /// Messages cannot be edited: when the last one differs, another is made.
    public func keepComment(
        _ text: String, marked marker: Marker, on place: Discussion, project: ProjectRef
    ) async throws -> CommentOutcome {
        guard case .mergeRequest(let id) = place else { throw notSupported(.issues) }
        guard let change = try await discussed(place, project), let path = Self.path(id, project),
            let head = change.head
        else { throw ForgeProblem.missing(id) }
        let tag = Self.tag(marker)
        let last = change.message(tagged: tag, by: try await account())?.message
        if last.map(GerritText.withoutPrefix) == text.trimmedEnd { return .alreadyThere }
        _ = try await api.send(
            .post, path + ["revisions", head.hex, "review"],
            body: GerritWire.Review(message: text.trimmedEnd, tag: tag, labels: nil))
        return .posted
    }

    private func discussed(_ place: Discussion, _ project: ProjectRef) async throws -> GerritWire.Change? {
        guard case .mergeRequest(let id) = place else { throw notSupported(.issues) }
        return try await change(id, project: project, [.currentRevision, .messages, .accounts])
    }

    /// The tag of messages with a marker.
    private static func tag(_ marker: Marker) -> String { "\(tag)~\(marker.key)" }
}
