/// What becomes of a patch that is applied to a tree.
public enum PatchStatus: String, Hashable, Sendable, Codable, CaseIterable {
    /// It fits where it says.
    case clean
    /// It fits, some lines away from where it says.
    case offset
    /// What it does has been done before.
    case alreadyApplied
    /// It does not fit.
    case conflict

    /// Whether git would apply it.
    public var applies: Bool { self == .clean || self == .offset }
}

/// What becomes of one file of a patch.
public struct FileOutcome: Hashable, Sendable {
    /// Why a file cannot be changed as the patch says.
    public enum Problem: Hashable, Sendable {
        /// Some hunks fit nowhere.
        case hunks
        /// Some hunks have been applied before and the others have not.
        case partlyApplied
        /// There is no such file; where it may be now, when something there fits.
        case missing(movedTo: String?)
        /// A file that the patch makes is there and is another one.
        case exists
        /// A file that the patch deletes has more in it.
        case leftovers
        /// A binary file is another one than the patch was made for.
        case binaryMismatch
        /// The patch does not hold the binary file's content.
        case binaryMissing
        /// It is a link, a submodule or a directory here and none there, or the other way round.
        case otherKind
        /// An earlier part of the patch has taken the file away.
        case gone
    }

    /// The file.
    public let path: String
    /// What becomes of it.
    public let status: PatchStatus
    /// Why, when it is a conflict.
    public let problem: Problem?
    /// What becomes of each hunk.
    public let hunks: [HunkOutcome]

    init(_ path: String, _ status: PatchStatus, hunks: [HunkOutcome] = []) {
        (self.path, self.status, self.problem, self.hunks) = (path, status, nil, hunks)
    }

    init(_ path: String, _ problem: Problem, hunks: [HunkOutcome] = []) {
        (self.path, self.status, self.problem, self.hunks) = (path, .conflict, problem, hunks)
    }
}

/// What becomes of one hunk. Lines count from 1.
public enum HunkOutcome: Hashable, Sendable {
    /// It fits at this line; `by` lines away from where it is expected, 0 for none.
    case fits(line: Int, by: Int)
    /// What it puts there stands at this line already.
    case alreadyApplied(line: Int)
    /// It fits nowhere; where it is expected, and the place that looks most like it, if that was sought: it is for the first
    /// such hunk of a file, within a ``SearchBudget``.
    case conflict(line: Int, nearest: SimilarPlace?, isSought: Bool = true)
}
