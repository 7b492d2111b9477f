import GitClient

extension ForgeWorld {
    /// How a candidate is merged.
    enum MergeMethod {
        case merge
        case squash
        /// Gerrit: nothing is made when the branch can simply be moved.
        case ifNecessary
    }

    /// Merges a candidate.
    /// - Parameter expected: The head as whoever asks has seen it; nil for whatever it is.
    /// - Returns: Where the branch stands afterwards.
    func merge(
        _ number: Int, of project: StoredProject, expecting expected: String?, by actor: StoredAccount,
        method: MergeMethod = .merge, message: String? = nil, deletingSource: Bool = false
    ) async throws -> ObjectID {
        var candidate = try candidate(number, of: project)
        guard candidate.state == .open else { throw WorldRefusal.notOpen(candidate.state) }
        guard let head = candidate.head else { throw WorldRefusal.noBranch(candidate.sourceBranch ?? "") }
        if let expected, expected != head.hex { throw WorldRefusal.headMoved(expected: expected, head: head) }
        if candidate.isDraft { throw WorldRefusal.notMergeable("draft") }
        let repository = try await repository(of: project)
        guard let target = try await repository.branch(candidate.targetBranch) else {
            throw WorldRefusal.noBranch(candidate.targetBranch)
        }
        let merged = try await mergeCommit(
            of: candidate, head: head, into: target, in: repository, by: actor, method: method, message: message)
        try await repository.move("refs/heads/\(candidate.targetBranch)", from: target, to: merged)
        candidate.state = .merged
        candidate.mergedAs = merged
        candidate.mergedBy = actor.id
        candidate.closed = now()
        candidate.updated = now()
        try put(candidate)
        emit(.merged, project, candidate, by: actor)
        emit(.branchMoved(branch: candidate.targetBranch, from: target, to: merged), project, by: actor)
        if deletingSource, let source = candidate.sourceBranch {
            try await deleteBranch(source, of: project, by: actor)
        }
        return merged
    }

    private func mergeCommit(
        of candidate: StoredCandidate, head: ObjectID, into target: ObjectID, in repository: BareRepository,
        by actor: StoredAccount, method: MergeMethod, message: String?
    ) async throws -> ObjectID {
        if method == .ifNecessary, try await repository.mirror.isAncestor(target, of: head) { return head }
        guard case .tree(let tree) = try await repository.merge(target, head) else {
            guard case .conflicts(let paths) = try await repository.merge(target, head) else { return head }
            throw WorldRefusal.conflicts(paths)
        }
        return try await repository.commit(
            tree: tree, parents: method == .squash ? [target] : [target, head],
            message: message ?? mergeMessage(of: candidate), by: actor, at: now())
    }

    private func mergeMessage(of candidate: StoredCandidate) -> String {
        switch type {
        case .gerrit: "Merge \"\(candidate.title)\"\n"
        case .gitlab:
            "Merge branch '\(candidate.sourceBranch ?? "")' into '\(candidate.targetBranch)'\n\n\(candidate.title)\n"
        case .github:
            "Merge pull request #\(candidate.number) from \(candidate.sourceBranch ?? "")\n\n\(candidate.title)\n"
        case .gitee: "!\(candidate.number) \(candidate.title)\nMerge pull request !\(candidate.number)\n"
        }
    }
}
