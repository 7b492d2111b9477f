import GitClient

extension DriftObserver {
    /// Compares the branch's files with what the promoted commit and the rollbacks since then make of them, and lists the
    /// commits that nobody's release brought.
    func lookAtContent(of branch: inout DriftObservation.Branch, _ divergence: Divergence) throws {
        branch.differing = try attempt("content", &branch, or: nil) {
            guard let expected = try expectedTree(of: divergence) else { return nil }
            return try paths(from: expected, to: trial.tree(of: divergence.head))
        }
        let recognizer = FlowRecognizer(trial)
        let own = try divergence.mine.filter { commit in
            guard commit.parents.count < 2 else { return false }
            return try !recognizer.isRecorded(commit) || recognizer.takenBack(by: commit, on: divergence.head) == nil
        }
        let changes = try own.map { commit in
            try attempt("commit \(commit.id.abbreviated)", &branch, or: []) { try paths(of: commit) }
        }
        // Of what is not to be seen any more nobody asks who else has it.
        let differing = branch.differing.map(Set.init)
        let seen = zip(own, changes).filter { differing?.isDisjoint(with: $1) != true }.map(\.0)
        let twins = try takenOver(seen, by: divergence.upstream, &branch)
        branch.own = try zip(own, changes).compactMap { commit, paths in
            // What people took back on both branches alike is told as what it is: a revert that was not merged on.
            if twins[commit.id] != nil, try recognizer.takenBack(by: commit, on: divergence.head) != nil { return nil }
            return OwnCommit(CommitNote(commit), paths: paths, takenOverBy: twins[commit.id])
        }
    }

    /// The tree that the branch should have: that of the newest commit of its upstream's own line that it contains, with the
    /// rollbacks that this commit lacks. Nil when there is none, or the two contradict each other.
    ///
    /// Those of the flow that came to the branch after that commit count, those that the upstream made as well, and of earlier
    /// ones those that the upstream got after that commit: merging it does not undo them. Other earlier ones took back what that
    /// commit has brought anew.
    func expectedTree(of divergence: Divergence) throws -> ObjectID? {
        guard let promoted = divergence.promoted else { return nil }
        let (head, upstream) = (divergence.head, divergence.upstream)
        let beyond = try trial.commits(through: head, hiding: [promoted], limit: limits.commits)
        let arrival = try arrival(of: promoted, on: head, within: beyond)
        let since = try trial.commits(through: head, hiding: [promoted, arrival], limit: limits.commits)
        let late = Set(since.map(\.id))
        let recognizer = FlowRecognizer(trial)
        let rollbacks = try beyond.filter { try recognizer.takenBack(by: $0, on: head) != nil }
        let byHand = rollbacks.filter { late.contains($0.id) && !recognizer.isRecorded($0) }
        let twins = try twins(of: byHand, in: upstream)
        var tree = try trial.tree(of: promoted)
        // Children come before their parents; what happened first is applied first.
        for commit in rollbacks.reversed() {
            let counts = late.contains(commit.id) && (recognizer.isRecorded(commit) || twins[commit.id] != nil)
            guard try counts || trial.isAncestor(commit.id, of: upstream) else { continue }
            let before = try commit.parents.first.map { try trial.tree(of: $0) }
            guard let next = try trial.apply(from: before, to: commit.tree, onto: tree).tree else { return nil }
            tree = next
        }
        return tree
    }

    /// The commit of the branch's own line by which it got another commit, which those beyond it lack.
    private func arrival(of commit: ObjectID, on head: ObjectID, within beyond: [GitCommit]) throws -> ObjectID {
        let line = Divergence.line(from: head, within: beyond)
        return try line.prefix { try trial.isAncestor(commit, of: $0.id) }.last?.id ?? head
    }

    /// The commits of the upstream that make the same changes as own commits.
    func takenOver(
        _ own: [GitCommit], by upstream: ObjectID, _ branch: inout DriftObservation.Branch
    ) throws -> [ObjectID: ObjectID] {
        try attempt("changes taken over", &branch, or: [:]) { try twins(of: own, in: upstream) }
    }

    /// The commits of another branch that make the same changes as some, by their patch ids. One that a commit was made upon
    /// is none of its own: what it did had to be undone before it could be done again.
    private func twins(of commits: [GitCommit], in other: ObjectID) throws -> [ObjectID: ObjectID] {
        guard let oldest = commits.last else { return [:] }
        var known: [ObjectID: [ObjectID]] = [:]
        let candidates = try trial.commits(through: other, hiding: oldest.parents, limit: limits.candidates)
        for commit in candidates where commit.parents.count < 2 {
            if let change = try change(of: commit) { known[change, default: []].append(commit.id) }
        }
        var twins: [ObjectID: ObjectID] = [:]
        for commit in commits where !known.isEmpty {
            let same = try change(of: commit).flatMap { known[$0] } ?? []
            twins[commit.id] = try same.last { try !trial.isAncestor($0, of: commit.id) }
        }
        return twins
    }

    func paths(of commit: GitCommit) throws -> [String] {
        guard let parent = commit.parents.first else { return [] }
        return try paths(from: trial.tree(of: parent), to: commit.tree)
    }

    private func change(of commit: GitCommit) throws -> ObjectID? {
        guard let parent = commit.parents.first else { return nil }
        return try trial.patchID(from: trial.tree(of: parent), to: commit.tree)
    }
}
