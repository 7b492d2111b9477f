import GitClient

/// What bringing drift of a branch into the first stage would do: exactly the files that are drift, and none that differ with
/// somebody's consent.
struct TakeBack: Hashable, Sendable {
    /// What names the change: the same for the same change, also when releases have moved the branch or the stage on.
    let change: ObjectID
    /// The tree that the stage would have; nil when the change does not fit there.
    let tree: ObjectID?
    /// Whether the stage has it already.
    let isThere: Bool

    init(change: ObjectID, tree: ObjectID?, isThere: Bool) {
        (self.change, self.tree, self.isThere) = (change, tree, isThere)
    }

    /// Tries it out.
    /// - Parameters:
    ///   - paths: The files that are drift.
    ///   - head: Where the branch stands.
    ///   - upstream: Where the branch stands that it gets releases from.
    ///   - stage: Where the first stage stands.
    init(
        of paths: [String], at head: ObjectID, from upstream: ObjectID, onto stage: ObjectID, in trial: Speculation
    ) throws {
        let observer = DriftObserver(trial)
        let standing = try trial.tree(of: stage)
        // The history is too long, nobody can tell what is drift, or two paths exclude each other: that is for a person.
        guard
            let divergence = try? Divergence(of: head, from: upstream, in: trial, limit: observer.limits.commits),
            let expected = try? observer.expectedTree(of: divergence),
            let wanted = try? trial.tree(expected, taking: paths, from: trial.tree(of: head))
        else {
            (change, tree, isThere) = (head, nil, false)
            return
        }
        let change = try trial.patchID(from: expected, to: wanted)
        let tree = try trial.apply(from: expected, to: wanted, onto: standing).tree
        (self.change, self.tree, isThere) = (change ?? head, tree, change == nil || tree == standing)
    }
}
