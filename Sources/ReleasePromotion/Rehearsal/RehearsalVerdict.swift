/// What a merge would do to a branch, beside what the release is.
public enum RehearsalVerdict: String, Hashable, Sendable, Codable, CaseIterable {
    /// Exactly the release: go.
    case clean
    /// The merge conflicts though the release itself would fit: a revert in the history was never merged on.
    case unsyncedRevert = "unsynced-revert"
    /// The branch has changes of its own on the same lines.
    case driftConflict = "drift-conflict"
    /// The merge succeeds and keeps the branch's own lines: the release would have no effect there.
    case lostToDrift = "lost-to-drift"
    /// The merge succeeds and leaves out some or all of the release: it was merged and taken back before.
    case silentLoss = "silent-loss"
    /// The merge brings something else along: another release, or somebody's own commit.
    case stowaway
    /// The branch has no commit in common with the release: it was made anew, or its history was rewritten.
    case unrelated
    /// The branch contains the release already.
    case nothingToDo = "nothing-to-do"
}

extension RehearsalVerdict {
    /// Whether a merge may go ahead without anybody's word.
    public var isGo: Bool { self == .clean || self == .nothingToDo }

    /// Whether the branch would hold nothing that it does not hold already.
    func isEmpty(hasChanges: Bool) -> Bool { self == .nothingToDo || self == .clean && !hasChanges }

    /// Whether somebody may accept the result as it is. What is lost without anybody seeing it is never accepted.
    public var isAcceptable: Bool { self == .stowaway || self == .lostToDrift }

    /// The verdict in a sentence for people.
    public var sentence: String {
        switch self {
        case .clean: "gets exactly this release"
        case .unsyncedRevert: "conflicts because of a revert that was never merged on"
        case .driftConflict: "has changes of its own on the same lines"
        case .lostToDrift: "would keep its own lines instead of the release"
        case .silentLoss: "would silently lose the release or a part of it: that was merged and reverted before"
        case .stowaway: "would get something else along with the release"
        case .unrelated: "has no commit in common with the release"
        case .nothingToDo: "has the release already"
        }
    }

    /// What to do about it; nil when nothing is.
    public var cure: String? {
        switch self {
        case .clean, .nothingToDo: nil
        case .unsyncedRevert: "merge the revert on first, from stage to stage and into the zones"
        case .driftConflict: "take the branch's own change back, or take it over into the release"
        case .lostToDrift: "take the branch's own change back, or accept the result"
        case .silentLoss: "make a new branch from the first stage, or revert the revert"
        case .unrelated: "make the branch anew from the last stage, or take it out of the batches"
        case .stowaway: "release the other change first, wait for it, or accept the result"
        }
    }
}
