import GitClient

/// Whether what the code host made is what was rehearsed.
enum MergeProof {
    /// What differs, in a sentence; nil when a branch has exactly the merge that was planned, wherever it stands by now.
    static func difference(of merge: BranchMerge, on head: ObjectID, in trial: Speculation) throws -> String? {
        var found: GitCommit?
        var count = 0
        try trial.walkFirstParents(from: head) { commit in
            count += 1
            if commit.parents.last == merge.commit, commit.parents.count == 2 { found = commit }
            return found == nil && commit.id != merge.head && count < limit
        }
        let target = merge.target
        guard let found else {
            return "the code host made no merge commit of \(merge.commit.abbreviated) on \(target)"
        }
        guard found.parents.first == merge.head else {
            return "\(target) was pushed to between the rehearsal and the merge \(found.id.abbreviated)"
        }
        return found.tree == merge.result
            ? nil : "the merge \(found.id.abbreviated) on \(target) holds another tree than was rehearsed"
    }

    /// How many commits are looked at: more than anybody pushes in the seconds since the merge.
    private static let limit = 1_000
}
