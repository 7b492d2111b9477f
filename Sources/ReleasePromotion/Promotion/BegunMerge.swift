import Diagnostics
import GitClient

/// A merge that a pass set out to make. It is kept until the next pass has looked at what came of it, whether the first one lived
/// to its end or not: only then it counts as the merge that was rehearsed.
public struct BegunMerge: Hashable, Sendable, Codable {
    /// What was rehearsed.
    public var merge: BranchMerge
    /// Whether the code host said that it has merged; then that was told, too.
    public var isDone: Bool
    /// The generation of the spec at which it was told that something else came of it. A person who asks for something later
    /// has looked.
    public var toldAt: Int64?

    /// Makes what was begun.
    public init(_ merge: BranchMerge, isDone: Bool = false, toldAt: Int64? = nil) {
        self.merge = merge
        self.isDone = isDone
        self.toldAt = toldAt
    }
}

/// What came of a merge that was begun.
enum MergeProof: Hashable {
    /// It was not made.
    case open
    /// The branch has exactly the merge that was planned, wherever it stands by now.
    case rehearsed
    /// The branch has something else, as a sentence says.
    case differs(String)

    /// Looks for the merge on a branch.
    init(of begun: BegunMerge, on head: ObjectID, in trial: Speculation) throws {
        let merge = begun.merge
        let (target, name) = (merge.target, merge.commit.abbreviated)
        var found: GitCommit?
        var isForwarded = false
        var count = 0
        try trial.walkFirstParents(from: head) { commit in
            count += 1
            if commit.parents.last == merge.commit, commit.parents.count == 2 { found = commit }
            if commit.id == merge.commit { isForwarded = true }
            return found == nil && commit.id != merge.head && commit.id != merge.commit && count < Self.limit
        }
        if let found {
            self =
                if found.parents.first != merge.head {
                    .differs("\(target) was pushed to between the rehearsal and the merge \(found.id.abbreviated)")
                } else if found.tree != merge.result {
                    .differs("the merge \(found.id.abbreviated) on \(target) holds another tree than was rehearsed")
                } else { .rehearsed }
        } else if isForwarded, merge.head != merge.commit {
            self = .differs("the code host made no merge commit of \(name) on \(target)")
        } else if begun.isDone {
            self = .differs("the code host said that it has merged \(name), and \(target) has no such merge")
        } else {
            self = .open
        }
    }

    /// How many commits are looked at: more than anybody pushes between two passes.
    private static let limit = 1_000
}

extension BegunMerge {
    /// How it is said that a branch has something else than was rehearsed.
    func error(_ difference: String) -> SluiceError {
        SluiceError(
            "release.result-differs", .stalled, difference,
            hint: "look at the branch, then: sluice release resume, or roll back")
    }
}
