import GitClient

extension DriftObserver {
    /// Lists the commits that somebody made on the first stage itself, and that are still to be seen there. Nobody approved
    /// them, and the next release would take them along. What another branch got from the stage already is history.
    func lookAtFirstStage(of branch: inout DriftObservation.Branch, _ divergence: Divergence) throws {
        branch.differing = nil
        let own = try ownCommits(of: &branch, divergence)
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

    /// The commits on the stage's own line that are no rollbacks. What somebody took back by hand counts when the next stage
    /// has it, unless somebody took it back there too.
    private func ownCommits(
        of branch: inout DriftObservation.Branch, _ divergence: Divergence
    ) throws -> [GitCommit] {
        let recognizer = FlowRecognizer(trial)
        var own: [GitCommit] = []
        var reverts: [GitCommit] = []
        for commit in divergence.line where commit.parents.count < 2 {
            guard let merge = try recognizer.takenBack(by: commit, on: divergence.head) else {
                own.append(commit)
                continue
            }
            let brought = [merge.id] + merge.parents.dropFirst()
            guard !recognizer.isRecorded(commit),
                try brought.contains(where: { try trial.isAncestor($0, of: divergence.upstream) })
            else { continue }
            reverts.append(commit)
        }
        let twins = try takenOver(reverts, by: divergence.upstream, &branch)
        let counted = Set((own + reverts.filter { twins[$0.id] == nil }).map(\.id))
        return divergence.line.filter { counted.contains($0.id) }
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
