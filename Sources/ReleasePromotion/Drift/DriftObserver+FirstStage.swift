import GitClient

extension DriftObserver {
    /// Lists the commits that somebody made on the first stage itself, and that are still to be seen there. Nobody approved
    /// them, and the next release would take them along. What another branch got from the stage already is history.
    func lookAtFirstStage(of branch: inout DriftObservation.Branch, _ divergence: Divergence) throws {
        let recognizer = FlowRecognizer(trial)
        branch.differing = nil
        let own = try divergence.line.filter { commit in
            try commit.parents.count < 2 && !recognizer.isRollback(commit, on: divergence.head)
        }
        guard !own.isEmpty else { return }
        let standing = try attempt("content", &branch, or: nil) {
            try tree(of: divergence, without: own).map { try Set(paths(from: $0, to: trial.tree(of: divergence.head))) }
        }
        branch.own = try own.compactMap { commit in
            let changed = try attempt("commit \(commit.id.abbreviated)", &branch, or: []) { try paths(of: commit) }
            guard standing.map({ !$0.isDisjoint(with: changed) }) ?? true else { return nil }
            return OwnCommit(CommitNote(commit), paths: changed)
        }
    }

    /// The tree that a branch would have without some commits of its own line; nil when later ones build on them.
    private func tree(of divergence: Divergence, without own: [GitCommit]) throws -> ObjectID? {
        let ignored = Set(own.map(\.id))
        guard let oldest = divergence.line.last?.parents.first else { return nil }
        var tree = try trial.tree(of: oldest)
        for commit in divergence.line.reversed() where !ignored.contains(commit.id) {
            let before = try commit.parents.first.map { try trial.tree(of: $0) }
            guard let next = try trial.apply(from: before, to: commit.tree, onto: tree).tree else { return nil }
            tree = next
        }
        return tree
    }
}
