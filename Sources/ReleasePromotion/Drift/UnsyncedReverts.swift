import GitClient

/// Finds reverts that one branch has and that only history keeps from another one.
///
/// Such a revert changes nothing on the branch that lacks it, because there the same thing was taken back as well. The two
/// branches look equal and are not: the next merge conflicts, or leaves out what is promoted again.
struct UnsyncedReverts {
    private let trial: Speculation
    private let limits: DriftLimits

    init(_ trial: Speculation, _ limits: DriftLimits) {
        self.trial = trial
        self.limits = limits
    }

    /// Reverts on the upstream of what the branch contains and has taken back by itself.
    func among(_ divergence: Divergence) throws -> [UnsyncedRevert] {
        let standing = try trial.tree(of: divergence.head)
        var silent = limits.silentReverts
        var found: [UnsyncedRevert] = []
        for commit in divergence.theirs where commit.parents.count == 1 {
            if !RevertMessage.saysSo(commit.message) { silent -= 1 }
            guard silent >= 0 || RevertMessage.saysSo(commit.message), let parent = commit.parents.first,
                try changesNothing(commit, since: parent, on: standing),
                let reverted = try reverted(by: commit, on: divergence.upstream, containedIn: divergence.head)
            else { continue }
            found.append(UnsyncedRevert(CommitNote(commit), of: reverted))
        }
        return found
    }

    private func changesNothing(_ commit: GitCommit, since parent: ObjectID, on tree: ObjectID) throws -> Bool {
        let before = try trial.tree(of: parent)
        guard before != commit.tree else { return false }
        return try trial.apply(from: before, to: commit.tree, onto: tree).tree == tree
    }

    /// What a commit takes back: what its message says, or the merge on the same line that it is the opposite of.
    private func reverted(
        by commit: GitCommit, on upstream: ObjectID, containedIn head: ObjectID
    ) throws -> ObjectID? {
        for id in RevertMessage.revertedCommits(commit.message) {
            if let known = try? trial.commit(id), try trial.isAncestor(known.id, of: head) { return id }
        }
        let recognizer = FlowRecognizer(trial)
        var found: ObjectID?
        var count = 0
        try trial.walkFirstParents(from: upstream, limit: limits.commits) { candidate in
            count += 1
            guard count <= limits.candidates else { return false }
            guard candidate.parents.count > 1, try trial.isAncestor(candidate.id, of: head),
                try recognizer.isOpposite(commit, candidate)
            else { return true }
            found = candidate.id
            return false
        }
        return found
    }
}
