import GitClient

extension ForgeWorld {
    /// Opens a candidate between two branches.
    func open(
        in project: StoredProject, from source: String, into target: String, title: String, body: String,
        labels: [String] = [], isDraft: Bool = false, by author: StoredAccount
    ) async throws -> StoredCandidate {
        let repository = try await repository(of: project)
        guard let head = try await repository.branch(source) else { throw WorldRefusal.noBranch(source) }
        guard let base = try await repository.branch(target) else { throw WorldRefusal.noBranch(target) }
        let twin = candidates(of: project).first {
            $0.state == .open && $0.sourceBranch == source && $0.targetBranch == target
        }
        if let twin { throw WorldRefusal.duplicateCandidate(twin.number) }
        // GitLab opens a merge request that brings nothing (and says commits_status); the others refuse.
        if type != .gitlab, try await repository.mirror.isAncestor(head, of: base) {
            throw WorldRefusal.nothingToMerge(source: source, target: target)
        }
        var project = project
        project.lastCandidate += 1
        try put(project)
        let date = now()
        let candidate = StoredCandidate(
            id: try nextID(), number: project.lastCandidate, project: project.id, title: title, body: body,
            author: author.id, sourceBranch: source, targetBranch: target, isDraft: isDraft,
            revisions: [.init(number: 1, commit: head, base: base, uploader: author.id, created: date)],
            labels: labels, created: date, updated: date)
        try put(candidate)
        try await repository.set(type.headReference(of: candidate.number, revision: 1), to: head)
        emit(.opened, project, candidate, by: author)
        return candidate
    }

    /// Changes a candidate's record.
    @discardableResult
    func edit(
        _ number: Int, of project: StoredProject, by actor: StoredAccount, _ change: (inout StoredCandidate) -> Void
    ) throws -> StoredCandidate {
        var candidate = try candidate(number, of: project)
        let before = candidate
        change(&candidate)
        guard candidate != before else { return candidate }
        candidate.updated = now()
        try put(candidate)
        if before.state == .open, candidate.state == .closed {
            candidate.closed = now()
            try put(candidate)
            emit(.closed, project, candidate, by: actor)
        } else if before.state == .closed, candidate.state == .open {
            candidate.closed = nil
            try put(candidate)
            emit(.reopened, project, candidate, by: actor)
        } else {
            emit(.edited, project, candidate, by: actor)
        }
        return candidate
    }

    /// Whether the host could merge a candidate; nil while it is finding out, which it is when it is asked first.
    func isMergeable(_ candidate: StoredCandidate, in project: StoredProject) async throws -> Bool? {
        let repository = try await repository(of: project)
        guard let head = candidate.head, let target = try await repository.branch(candidate.targetBranch) else {
            return false
        }
        let question = MergeQuestion(project: project.id, head: head, target: target)
        switch mergeability[question] {
        case nil:
            mergeability[question] = .unasked
            return nil
        case .clean: return true
        case .conflicting: return false
        case .unasked:
            if case .tree = try await repository.merge(target, head) {
                mergeability[question] = .clean
                return true
            }
            mergeability[question] = .conflicting
            return false
        }
    }

    /// Adds a comment to a candidate.
    func comment(
        _ body: String, on number: Int, of project: StoredProject, by author: StoredAccount, tag: String? = nil,
        revision: Int? = nil
    ) throws -> StoredComment {
        var candidate = try candidate(number, of: project)
        let date = now()
        let comment = StoredComment(
            id: try nextID(), author: author.id, body: body, created: date, updated: date, tag: tag,
            revision: revision)
        candidate.comments.append(comment)
        candidate.updated = date
        try put(candidate)
        emit(.commented(comment), project, candidate, by: author)
        return comment
    }

    /// The candidate and the comment of an id.
    func comment(
        _ id: Int, of project: StoredProject
    ) throws(WorldRefusal) -> (candidate: StoredCandidate, comment: StoredComment) {
        for candidate in candidates(of: project) {
            if let comment = candidate.comments.first(where: { $0.id == id }) { return (candidate, comment) }
        }
        throw .noComment
    }

    /// Changes a comment's text, in place.
    func rewrite(
        _ id: Int, of project: StoredProject, as body: String, by actor: StoredAccount
    ) throws -> StoredComment {
        var (candidate, comment) = try comment(id, of: project)
        comment.body = body
        comment.updated = now()
        candidate.comments = candidate.comments.map { $0.id == id ? comment : $0 }
        try put(candidate)
        emit(.commented(comment), project, candidate, by: actor)
        return comment
    }
}
