public import GitClient

/// What was seen of all long-lived branches of a control repository: facts only, no judgement.
public struct DriftObservation: Hashable, Sendable {
    /// A branch beside the one that it is fed from.
    public struct Branch: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// The branch that it gets releases from: the stage before it, for zones the last stage; nil for the first stage.
        public var upstream: String?
        /// Where it stands; nil when there is no such branch.
        public var head: ObjectID?
        /// How many commits it has that its upstream lacks. Every promotion adds one: by itself this is no drift.
        public var ahead: Int = 0
        /// How many commits of its upstream it lacks.
        public var behind: Int = 0
        /// Commits that it has, that its upstream lacks, and that no release brought.
        public var own: [OwnCommit] = []
        /// Merges whose result is not what their parents give.
        public var handMade: [HandMadeMerge] = []
        /// Files that are not as the promoted commit and the rollbacks on the branch make them; nil when that is not known.
        public var differing: [String]? = []
        /// Commits with content that the branch had when it was last seen, and has no more. None when it only moved on.
        public var lost: [CommitNote] = []
        /// Whether releases are among what it lost: until these are back, the branch is not what it seems.
        public var hasLostReleases = false
        /// Whether nobody can tell what it lost, so that releases may be among it. Nobody misses any on a branch that has all of
        /// its upstream.
        public var isLossUnknown = false
        /// Reverts that its upstream has and that would have to be merged into it.
        public var unsynced: [UnsyncedRevert] = []
        /// Whether merging its upstream now would change no file: then carrying reverts on changes nothing but history.
        public var isSyncHarmless: Bool = true
        /// Why something of this could not be found out; empty when all was.
        public var gaps: [String] = []

        /// Makes what was seen of a branch; what is not said was not there.
        public init(name: String, upstream: String?, head: ObjectID?) {
            self.name = name
            self.upstream = upstream
            self.head = head
        }
    }

    /// The stages in order, then the zones by name.
    public var branches: [Branch]

    /// Makes an observation.
    public init(branches: [Branch]) { self.branches = branches }
}

/// A commit in a few words.
public struct CommitNote: Hashable, Sendable {
    /// The commit.
    public let id: ObjectID
    /// The first line of its message, shortened. Somebody's text.
    public let subject: String
    /// Who wrote it. Somebody's text.
    public let author: String

    /// Makes a note.
    public init(id: ObjectID, subject: String, author: String) {
        self.id = id
        self.subject = subject
        self.author = author
    }
}

/// A commit that was made on a branch itself.
public struct OwnCommit: Hashable, Sendable {
    /// The commit.
    public let commit: CommitNote
    /// The files that it changed.
    public let paths: [String]
    /// The commit of the upstream that makes the same change; nil when there is none.
    public let takenOverBy: ObjectID?

    /// Makes an own commit.
    public init(_ commit: CommitNote, paths: [String], takenOverBy: ObjectID? = nil) {
        self.commit = commit
        self.paths = paths
        self.takenOverBy = takenOverBy
    }
}

/// A merge that holds something else than what merging its parents gives.
public struct HandMadeMerge: Hashable, Sendable {
    /// The merge.
    public let commit: CommitNote
    /// The files that are otherwise.
    public let paths: [String]
    /// Whether the parents conflict, so that somebody had to decide.
    public let resolvesConflict: Bool

    /// Makes a merge.
    public init(_ commit: CommitNote, paths: [String], resolvesConflict: Bool) {
        self.commit = commit
        self.paths = paths
        self.resolvesConflict = resolvesConflict
    }
}

/// A revert that one branch has, of something that another branch still has.
public struct UnsyncedRevert: Hashable, Sendable {
    /// The revert, on the upstream.
    public let revert: CommitNote
    /// What it takes back, which the branch contains.
    public let reverted: ObjectID

    /// Makes a revert.
    public init(_ revert: CommitNote, of reverted: ObjectID) {
        self.revert = revert
        self.reverted = reverted
    }
}
