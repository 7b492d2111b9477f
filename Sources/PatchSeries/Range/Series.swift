public import GitClient

/// The commits of a range as patches that, applied one after the other to the cursor's tree, give the head's tree.
public struct Series: Sendable {
    /// The commit up to which everything is known.
    public let cursor: ObjectID
    /// The commit that the series leads to.
    public let head: ObjectID
    /// How the commits became patches.
    public let form: SeriesForm
    /// The patches, the oldest first.
    public let patches: [SeriesPatch]
    /// Commits that change nothing, for which there is no patch: the oldest first.
    public let empty: [CommitLine]
    /// How many commits the range has, merges and empty ones included.
    public let commits: Int

    /// Whether the range has commits and leaves every file as it was.
    public var changesNothing: Bool { patches.isEmpty }
}

/// A commit in a list.
public struct CommitLine: Hashable, Sendable, Codable {
    /// The commit.
    public let id: ObjectID
    /// Its first line.
    public let subject: String

    /// Makes a line.
    public init(id: ObjectID, subject: String) {
        self.id = id
        self.subject = subject
    }
}

/// One patch of a series.
public struct SeriesPatch: Sendable {
    /// The commit that the patch stands for: a merge, for all that it brought; the head, for a range in one patch.
    public let commit: ObjectID
    /// Its words.
    public let words: CommitWords
    /// When its author wrote it, in seconds since 1970.
    public let seconds: Int64
    /// The commits that came with it, the oldest first: those of a merge's other side, or all of a range.
    public let brought: [CommitLine]
    /// What names the change wherever it was made; see ``GitClient/Speculation/patchID(from:to:)``.
    public let patchID: ObjectID
    /// The change, read.
    public let patch: Patch
    /// The mail, as `git am` takes it.
    public let mail: [UInt8]
}

/// How much a series may have.
public struct SeriesLimits: Hashable, Sendable {
    /// The most commits of a range, those that merges bring included.
    public var commits: Int
    /// The most bytes of all patches.
    public var bytes: Int
    /// Of one difference.
    public var difference: DiffLimits
    /// Of one patch.
    public var patch: PatchLimits

    /// Makes limits; those not given are generous ones.
    public init(
        commits: Int = 100_000, bytes: Int = 256 << 20, difference: DiffLimits = DiffLimits(),
        patch: PatchLimits = PatchLimits()
    ) {
        self.commits = commits
        self.bytes = bytes
        self.difference = difference
        self.patch = patch
    }
}
