import GitClient

extension DriftObserver {
    /// Compares the branch's files with what the promoted commit and the rollbacks since then make of them, and lists the
    /// commits that nobody's release brought.
    func lookAtContent(of branch: inout DriftObservation.Branch, head: ObjectID, upstream: ObjectID) throws {
        let mine = try attempt("own commits", &branch, or: []) {
            try trial.commits(through: head, hiding: [upstream], limit: limits.commits).filter { $0.parents.count < 2 }
        }
        let own = try mine.filter { try !FlowRecognizer(trial).isRollback($0, on: head) }
        branch.differing = try attempt("content", &branch, or: nil) {
            guard let expected = try expectedTree(of: head, upstream: upstream) else { return nil }
            return try paths(from: expected, to: trial.tree(of: head))
        }
        let changed = try own.map { commit in (commit, try paths(of: commit)) }
        branch.own = try takenOver(changed, by: upstream, &branch)
    }

    /// The tree that the branch should have: that of the newest commit of its upstream's own line that it contains, with what
    /// was rolled back on the branch after that commit came. Nil when there is none, or the two contradict each other.
    func expectedTree(of head: ObjectID, upstream: ObjectID) throws -> ObjectID? {
        var promoted: GitCommit?
        try trial.walkFirstParents(from: upstream, limit: limits.commits) { commit in
            guard try trial.isAncestor(commit.id, of: head) else { return true }
            promoted = commit
            return false
        }
        guard let promoted else { return nil }
        let arrival = try arrival(of: promoted.id, on: head)
        let since = try trial.commits(through: head, hiding: [promoted.id, arrival], limit: limits.commits)
        var tree = promoted.tree
        // Children come before their parents; what happened first is applied first.
        for commit in since.reversed() where try FlowRecognizer(trial).isRollback(commit, on: head) {
            let before = try commit.parents.first.map { try trial.tree(of: $0) }
            guard let next = try trial.apply(from: before, to: commit.tree, onto: tree).tree else { return nil }
            tree = next
        }
        return tree
    }

    /// The commit of the branch's own line by which it got another commit.
    private func arrival(of commit: ObjectID, on head: ObjectID) throws -> ObjectID {
        var arrival = head
        try trial.walkFirstParents(from: head, limit: limits.commits) { candidate in
            guard try trial.isAncestor(commit, of: candidate.id) else { return false }
            arrival = candidate.id
            return true
        }
        return arrival
    }

    /// Finds the changes of own commits among the commits of the upstream, by their patch ids.
    private func takenOver(
        _ own: [(commit: GitCommit, paths: [String])], by upstream: ObjectID, _ branch: inout DriftObservation.Branch
    ) throws -> [OwnCommit] {
        guard let oldest = own.last?.commit else { return [] }
        let known: [ObjectID: ObjectID] = try attempt("changes taken over", &branch, or: [:]) {
            var known: [ObjectID: ObjectID] = [:]
            let candidates = try trial.commits(through: upstream, hiding: oldest.parents, limit: limits.candidates)
            for commit in candidates where commit.parents.count < 2 {
                if let change = try change(of: commit) { known[change] = commit.id }
            }
            return known
        }
        return try own.map { commit, paths in
            let twin = known.isEmpty ? nil : try change(of: commit).flatMap { known[$0] }
            return OwnCommit(CommitNote(commit), paths: paths, takenOverBy: twin)
        }
    }

    private func paths(of commit: GitCommit) throws -> [String] {
        guard let parent = commit.parents.first else { return [] }
        return try paths(from: trial.tree(of: parent), to: commit.tree)
    }

    private func change(of commit: GitCommit) throws -> ObjectID? {
        guard let parent = commit.parents.first else { return nil }
        return try trial.patchID(from: trial.tree(of: parent), to: commit.tree)
    }
}
