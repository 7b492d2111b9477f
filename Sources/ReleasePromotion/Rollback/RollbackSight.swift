public import GitClient

/// How taking a release back stands.
public struct RollbackSight: Hashable, Sendable {
    /// How it stands on a branch that has or had the release.
    public enum Standing: Hashable, Sendable {
        /// The release is there; this is what merging the revert would do.
        case open(BranchRehearsal.Trial)
        /// It was taken back.
        case reverted
        /// Nothing was left of it when it was taken back.
        case empty
        /// It was taken back, and somebody brought it again.
        case cameBack
        /// The branch is gone.
        case gone
    }

    /// A revert that is merged into a branch.
    public struct Revert: Hashable, Sendable {
        /// The merge that it takes back; the revert's only parent.
        public var merge: ObjectID
        /// The commit: the same arguments always make the same one.
        public var commit: ObjectID

        /// Makes a revert.
        public init(merge: ObjectID, commit: ObjectID) {
            self.merge = merge
            self.commit = commit
        }
    }

    /// A merge that carries reverts on from one branch to the next.
    public struct Sync: Hashable, Sendable {
        /// The branch.
        public var branch: String
        /// What it would do; nil when it was done.
        public var trial: BranchRehearsal.Trial?

        /// Makes a sync.
        public init(branch: String, trial: BranchRehearsal.Trial?) {
            self.branch = branch
            self.trial = trial
        }
    }

    /// Whether some branch contains a revert of the release.
    public var hasBegun: Bool
    /// How it stands, by branch.
    public var branches: [String: Standing]
    /// What is merged into each branch to take the release back.
    public var reverts: [String: Revert]
    /// Releases that have to be taken back before this one, newest first, by the branches that it does not come off.
    public var newer: [String: [ReleaseName]]
    /// Branches on which nothing is left of it because later releases replaced it.
    public var superseded: Set<String> = []
    /// What carries the reverts on, in order; none for shared reverts.
    public var syncs: [Sync]
    /// Branches on which the same release, made anew, would be lost or conflict although it was taken back.
    public var unclean: [String]

    /// Makes a sight.
    public init(
        hasBegun: Bool = false, branches: [String: Standing] = [:], reverts: [String: Revert] = [:],
        newer: [String: [ReleaseName]] = [:],
        syncs: [Sync] = [], unclean: [String] = []
    ) {
        self.hasBegun = hasBegun
        self.branches = branches
        self.reverts = reverts
        self.newer = newer
        self.syncs = syncs
        self.unclean = unclean
    }

    /// The branches on which nothing is left of it though neither a revert of ours nor a later release took it.
    public var undone: [String] {
        branches.filter { branch, standing in
            if superseded.contains(branch) { return false }
            return switch standing {
            case .open(let trial): trial.verdict == .clean && trial.changes.isEmpty
            case .empty: !hasBegun
            case .reverted, .cameBack, .gone: false
            }
        }.keys.sorted()
    }

    /// Whether it is on no branch any more.
    public var isDone: Bool {
        !branches.isEmpty && branches.values.allSatisfy { [.reverted, .empty, .gone].contains($0) }
    }
}
