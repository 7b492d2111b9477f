import CommittedChangelog
import Diagnostics
import GitClient

/// A registry's repository as far as the gate looks at it: the watched paths and nothing else.
///
/// The content key covers exactly these paths, and the changelog engine is shown exactly these files. So a changelog
/// cannot depend on anything that the key does not know of.
struct WatchedRepository: Sendable {
    let mirror: GitMirror
    let paths: [String]

    /// What is at the watched paths of a commit, by id.
    func trees(at commit: ObjectID) async throws -> WatchedTrees {
        var ids: [String: ObjectID] = [:]
        for path in paths { ids[path] = try await mirror.treeID(of: commit, at: path) }
        return WatchedTrees(ids)
    }

    /// The files at the watched paths of a commit.
    /// - Parameter target: The commit of the target branch that a merge is looked at with; nil when none is.
    func content(at commit: ObjectID, mergedWith target: ObjectID? = nil) async throws -> CommitContent {
        let source = CommitSource(try await mirror.files(in: commit, under: paths), watched: paths)
        guard let target, let base = try await mirror.mergeBase(target, commit),
            case .merged(let files) = try await mirror.mergedFiles(of: commit, with: target, from: base, under: paths)
        else { return CommitContent(source: source, merged: nil) }
        return CommitContent(source: source, merged: CommitSource(files, watched: paths))
    }

    /// What a candidate has, what it left from, and what its target has by now, each commit read once.
    func parting(of commit: ObjectID, from base: ObjectID, on target: ObjectID) async throws -> PartedContent {
        let (ours, before, theirs) = (
            try await mirror.files(in: commit, under: paths), try await mirror.files(in: base, under: paths),
            try await mirror.files(in: target, under: paths)
        )
        var merged: CommitSource?
        if case .merged(let files) = try await mirror.mergedFiles(of: ours, with: theirs, from: before) {
            merged = CommitSource(files, watched: paths)
        }
        return PartedContent(
            candidate: CommitContent(source: CommitSource(ours, watched: paths), merged: merged),
            base: CommitContent(source: CommitSource(before, watched: paths), merged: nil),
            target: CommitContent(source: CommitSource(theirs, watched: paths), merged: nil))
    }

    /// The code of the error for a candidate that does not come from its target branch.
    static let unrelatedHistory: SluiceError.Code = "candidate.unrelated-history"

    /// Where a candidate left the target branch.
    /// - Throws: `candidate.unrelated-history` when the two have no commit in common.
    func base(of revision: ObjectID, on head: ObjectID) async throws -> ObjectID {
        guard let base = try await mirror.mergeBase(head, revision) else {
            throw SluiceError(
                Self.unrelatedHistory, .stalled,
                "the candidate has no commit in common with the branch that it is for",
                hint: "make the candidate from a commit of that branch")
        }
        return base
    }
}

/// A candidate and its target after they have parted.
struct PartedContent: Sendable {
    /// What the candidate has, with the merge; without it when git cannot merge the two.
    let candidate: CommitContent
    /// What it left from.
    let base: CommitContent
    /// What the target has by now.
    let target: CommitContent
}
