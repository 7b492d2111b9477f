import GitClient

extension ForgeWorld {
    func openIssue(
        in project: StoredProject, title: String, body: String, labels: [String], by author: StoredAccount
    ) throws -> StoredIssue {
        var project = project
        let number: Int
        if type == .github {
            // One row of numbers for issues and pull requests.
            project.lastCandidate += 1
            number = project.lastCandidate
        } else {
            project.lastIssue += 1
            number = project.lastIssue
        }
        try put(project)
        let date = now()
        let issue = StoredIssue(
            id: try nextID(), number: number, title: title, body: body, labels: labels, author: author.id,
            created: date, updated: date)
        try put(issue, in: project)
        return issue
    }

    @discardableResult
    func edit(
        issue number: Int, of project: StoredProject, _ change: (inout StoredIssue) -> Void
    ) throws -> StoredIssue {
        var issue = try issue(number, of: project)
        let wasOpen = issue.isOpen
        change(&issue)
        issue.updated = now()
        if wasOpen != issue.isOpen { issue.closed = issue.isOpen ? nil : now() }
        try put(issue, in: project)
        return issue
    }

    func comment(
        _ body: String, onIssue number: Int, of project: StoredProject, by author: StoredAccount
    ) throws -> StoredComment {
        let date = now()
        let comment = StoredComment(id: try nextID(), author: author.id, body: body, created: date, updated: date)
        try edit(issue: number, of: project) { $0.comments.append(comment) }
        return comment
    }

    /// The issue and the comment of an id.
    func issueComment(
        _ id: Int, of project: StoredProject
    ) throws(WorldRefusal) -> (issue: StoredIssue, comment: StoredComment) {
        for issue in (issues[project.id] ?? [:]).values {
            if let comment = issue.comments.first(where: { $0.id == id }) { return (issue, comment) }
        }
        throw .noComment
    }

    func rewrite(issueComment id: Int, of project: StoredProject, as body: String) throws -> StoredComment {
        var (issue, comment) = try issueComment(id, of: project)
        comment.body = body
        comment.updated = now()
        issue.comments = issue.comments.map { $0.id == id ? comment : $0 }
        try put(issue, in: project)
        return comment
    }

    /// The latest of each context, in the order in which they were made.
    func latestStatuses(on commit: String, of project: StoredProject) -> [StoredStatus] {
        var latest: [String: StoredStatus] = [:]
        for status in statuses[project.id] ?? [] where status.commit.hex == commit {
            latest["\(status.context)\u{0}\(type == .gitlab ? status.ref ?? "" : "")"] = status
        }
        return latest.values.sorted { $0.id < $1.id }
    }
}
