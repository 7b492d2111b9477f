public import GitClient

/// What a local forge notes of an issue.
struct LocalIssue: Codable, Equatable {
    var marker: String
    var title: String
    var body: String
    var labels: [String]
    var isOpen: Bool
}

/// What a local forge notes of a commit's status.
struct LocalStatus: Codable, Equatable {
    var state: String
    var summary: String
    var webURL: String?
}

extension LocalForge {
    /// See ``IssueKeeping/issue(_:project:)``. Issues are numbered from 1.
    public func issue(_ id: IssueID, project: ProjectRef) async throws -> Issue? {
        let issues = try await issues(project)
        guard let number = Int(id.rawValue), issues.indices.contains(number - 1) else { return nil }
        return try Self.issue(issues[number - 1], number: number)
    }

    /// See ``IssueKeeping/issue(marked:project:)``.
    public func issue(marked marker: Marker, project: ProjectRef) async throws -> Issue? {
        let issues = try await issues(project)
        guard let index = issues.firstIndex(where: { $0.marker == marker.key }) else { return nil }
        return try Self.issue(issues[index], number: index + 1)
    }

    /// See ``IssueKeeping/keep(_:project:)``.
    public func keep(_ issue: IssueDraft, project: ProjectRef) async throws -> Issue {
        let draft = LocalIssue(
            marker: issue.marker.key, title: issue.title, body: issue.text, labels: issue.labels, isOpen: issue.isOpen)
        let (number, kept) = try await book(in: try await open(project)).change(
            try LocalBook.place(of: "issues"), from: [LocalIssue]()
        ) { issues in
            var wanted = draft
            if let index = issues.firstIndex(where: { $0.marker == wanted.marker }) {
                wanted.labels = Set(wanted.labels).union(issues[index].labels).sorted()
                issues[index] = wanted
                return (index + 1, wanted)
            }
            issues.append(wanted)
            return (issues.count, wanted)
        }
        return try Self.issue(kept, number: number)
    }

    /// See ``CommentKeeping/comment(marked:on:project:)``.
    public func comment(marked marker: Marker, on place: Discussion, project: ProjectRef) async throws -> Comment? {
        let comments = try await book(in: try await open(project)).read(
            [String: String].self, at: try Self.place(of: place))
        return comments?[marker.key].map { Comment(id: marker.key, text: $0) }
    }

    /// See ``CommentKeeping/keepComment(_:marked:on:project:)``.
    public func keepComment(
        _ text: String, marked marker: Marker, on place: Discussion, project: ProjectRef
    ) async throws -> CommentOutcome {
        switch place {
        case .mergeRequest(let id):
            if try await mergeRequest(id, project: project) == nil { throw ForgeProblem.missing(id) }
        case .issue(let id): if try await issue(id, project: project) == nil { throw ForgeProblem.missing(id) }
        }
        let text = text.trimmedEnd
        return try await book(in: try await open(project)).change(
            try Self.place(of: place), from: [String: String]()
        ) { comments in
            let before = comments.updateValue(text, forKey: marker.key)
            guard let before else { return .posted }
            return before.utf8.elementsEqual(text.utf8) ? .alreadyThere : .edited
        }
    }

    /// See ``CommitStatusKeeping/statuses(on:project:)``.
    public func statuses(on commit: ObjectID, project: ProjectRef) async throws -> [CommitStatus] {
        let statuses = try await book(in: try await open(project)).read([String: LocalStatus].self, at: commit) ?? [:]
        return statuses.sorted { $0.key < $1.key }.map { context, status in
            CommitStatus(
                context: context, state: CommitStatus.State(word: status.state), summary: status.summary,
                webURL: status.webURL)
        }
    }

    /// See ``CommitStatusKeeping/set(_:on:project:)``.
    public func set(_ status: CommitStatus, on commit: ObjectID, project: ProjectRef) async throws -> Bool {
        let repository = try await open(project)
        guard try await repository.contains(commit) else { throw ForgeProblem.missing(commit: commit) }
        let new = LocalStatus(state: status.state.word, summary: status.summary, webURL: status.webURL)
        return try await book(in: repository).change(commit, from: [String: LocalStatus]()) { statuses in
            statuses.updateValue(new, forKey: status.context) != new
        }
    }
}

extension LocalForge {
    private func issues(_ project: ProjectRef) async throws -> [LocalIssue] {
        try await book(in: try await open(project)).read([LocalIssue].self, at: try LocalBook.place(of: "issues")) ?? []
    }

    private static func issue(_ issue: LocalIssue, number: Int) throws -> Issue {
        Issue(
            id: try IssueID(String(number)), title: issue.title, body: issue.body,
            state: issue.isOpen ? .open : .closed, labels: issue.labels, isOurs: true)
    }

    private static func place(of place: Discussion) throws -> ObjectID {
        switch place {
        case .mergeRequest(let id): try LocalBook.place(of: "comments on merge request \(id)")
        case .issue(let id): try LocalBook.place(of: "comments on issue \(id)")
        }
    }
}

extension CommitStatus.State {
    /// The state in one word.
    var word: String {
        switch self {
        case .pending: "pending"
        case .running: "running"
        case .success: "success"
        case .failed: "failed"
        case .cancelled: "cancelled"
        case .unknown(let word): word
        }
    }

    init(word: String) {
        self =
            [Self.pending, .running, .success, .failed, .cancelled].first { $0.word == word } ?? .unknown(word)
    }
}
