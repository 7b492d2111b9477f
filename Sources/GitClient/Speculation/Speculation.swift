import CLibgit2
import Diagnostics

/// What can be tried out in memory; see ``GitMirror/speculate(_:)``. It serves within that call only.
///
/// Trees and commits are named by their ids, whether they are in the repository or were made here.
public final class Speculation {
    let repository: OpaquePointer

    init(repository: OpaquePointer) { self.repository = repository }

    /// Reads a commit.
    /// - Throws: `git.object-missing`.
    public func commit(_ id: ObjectID) throws -> GitCommit { try Libgit2.commit(id, in: repository) }

    /// The tree of a commit.
    /// - Throws: `git.object-missing`.
    public func tree(of commit: ObjectID) throws -> ObjectID { try Libgit2.treeID(ofCommit: commit, in: repository) }

    /// Makes a commit in memory. The same arguments give the same id, which is the one git would give.
    /// - Throws: `git.object-missing`.
    public func makeCommit(
        tree: ObjectID, parents: [ObjectID], message: String, by author: GitSignature
    ) throws -> ObjectID {
        try Libgit2.makeCommit(tree: tree, parents: parents, message: message, by: author, in: repository)
    }

    /// The content of the file at `path` in a tree; nil when there is none, or no file.
    /// - Throws: `git.object-too-large` above `limit` bytes; `git.path-invalid`.
    public func file(
        at path: String, inTree tree: ObjectID, limit: Int = TreeLimits.standard.bytesPerFile
    ) throws -> [UInt8]? {
        let reader = TreeReader(repository: repository, limits: .standard)
        guard let entry = try reader.entry(at: try TreePath(path), inTree: tree),
            [GIT_FILEMODE_BLOB, GIT_FILEMODE_BLOB_EXECUTABLE].contains(entry.mode)
        else { return nil }
        return try Libgit2.blob(entry.id, in: repository, limit: limit)
    }

    /// The files that differ between two trees, sorted by path. A file that moved unchanged is one change.
    /// - Throws: `git.diff-too-large`.
    public func changes(from old: ObjectID, to new: ObjectID, limit: Int = 100_000) throws -> [FileChange] {
        guard old != new else { return [] }
        return try Libgit2.withTree(old, in: repository) { old in
            try Libgit2.withTree(new, in: repository) { try TreeDiff(repository, [], limit).changes(from: old, to: $0) }
        }
    }
}

extension Speculation {
    /// The best common ancestor of two commits; nil when they share no history.
    public func mergeBase(_ one: ObjectID, _ other: ObjectID) throws -> ObjectID? {
        var (base, left, right) = (git_oid(), one.raw, other.raw)
        let status = git_merge_base(&base, repository, &left, &right)
        if status == GIT_ENOTFOUND.rawValue { return nil }
        try Libgit2.check(status, "looking for the merge base of \(one) and \(other)")
        return ObjectID(base)
    }

    /// All best common ancestors of two commits; none when they share no history. One that is one of the two says that the
    /// other contains it.
    public func mergeBases(_ one: ObjectID, _ other: ObjectID) throws -> [ObjectID] {
        var bases = git_oidarray()
        defer { git_oidarray_dispose(&bases) }
        var (left, right) = (one.raw, other.raw)
        let status = git_merge_bases(&bases, repository, &left, &right)
        if status == GIT_ENOTFOUND.rawValue { return [] }
        try Libgit2.check(status, "looking for the merge bases of \(one) and \(other)")
        return UnsafeBufferPointer(start: bases.ids, count: bases.count).compactMap { ObjectID($0) }
    }

    /// Whether `descendant` contains `ancestor`. A commit contains itself.
    public func isAncestor(_ ancestor: ObjectID, of descendant: ObjectID) throws -> Bool {
        if ancestor == descendant { return true }
        var (commit, candidate) = (descendant.raw, ancestor.raw)
        return try Libgit2.check(
            git_graph_descendant_of(repository, &commit, &candidate), "walking from \(descendant)") == 1
    }

    /// How many commits of `one` are not in `other`, and the other way round.
    public func aheadBehind(_ one: ObjectID, _ other: ObjectID) throws -> (ahead: Int, behind: Int) {
        var (ahead, behind) = (0, 0)
        var (local, upstream) = (one.raw, other.raw)
        try Libgit2.check(
            git_graph_ahead_behind(&ahead, &behind, repository, &local, &upstream), "comparing \(one) and \(other)")
        return (ahead, behind)
    }

    /// Walks from a commit to its first parent, and on, until `visit` says false or there is no parent.
    ///
    /// This is a branch's own history: what was done to it, merge by merge.
    /// - Throws: `git.history-too-long` after `limit` commits.
    public func walkFirstParents(
        from newest: ObjectID, limit: Int = 100_000, _ visit: (GitCommit) throws -> Bool
    ) throws {
        var next: ObjectID? = newest
        var count = 0
        while let id = next {
            count += 1
            guard count <= limit else {
                throw SluiceError(
                    "git.history-too-long", .stalled, "there are more than \(limit) commits to look at",
                    detail: "from \(newest)")
            }
            let commit = try commit(id)
            guard try visit(commit) else { return }
            next = commit.parents.first
        }
    }

    /// A commit, its first parent, and on, as far as another one does not contain them: a branch's own steps since the other one,
    /// the newest first.
    /// - Throws: `git.history-too-long` when there are more than `limit`.
    public func firstParents(
        from newest: ObjectID, notIn other: ObjectID, limit: Int = 100_000
    ) throws -> [ObjectID] {
        try Libgit2.ids(through: newest, hiding: [other], firstParentsOnly: true, limit: limit, in: repository)
    }

    /// The commits that `newest` contains and `hidden` do not, children before their parents.
    /// - Throws: `git.history-too-long` when there are more than `limit`.
    public func commits(
        through newest: ObjectID, hiding hidden: [ObjectID], limit: Int = 10_000
    ) throws -> [GitCommit] {
        try Libgit2.commits(through: newest, hiding: hidden, limit: limit, in: repository)
    }

    /// What names the change from one tree to another: the same for the same change, wherever it was made. Nil when there is
    /// no change.
    ///
    /// It is what `git patch-id --stable` says of the text of the difference. Of binary files that text says no more than that
    /// they differ; so where there are some, their contents before and after are part of the name.
    public func patchID(from old: ObjectID, to new: ObjectID) throws -> ObjectID? {
        guard old != new else { return nil }
        return try Libgit2.withTree(old, in: repository) { old in
            try Libgit2.withTree(new, in: repository) { new in
                try Libgit2.with(
                    "comparing trees", make: { git_diff_tree_to_tree(&$0, repository, old, new, nil) },
                    free: git_diff_free
                ) { diff in
                    var id = git_oid()
                    try Libgit2.check(git_diff_patchid(&id, diff, nil), "naming a change")
                    // Only now: it has looked into the files.
                    let contents = binaryContents(of: diff)
                    guard let text = ObjectID(id), !contents.isEmpty else { return ObjectID(id) }
                    return try ObjectID(ofBlob: Array(([text.hex] + contents).joined(separator: "\n").utf8))
                }
            }
        }
    }

    /// The contents of each binary file before and after, by their ids, in the order of their paths.
    private func binaryContents(of diff: OpaquePointer) -> [String] {
        (0..<git_diff_num_deltas(diff)).compactMap { index in
            guard let delta = git_diff_get_delta(diff, index)?.pointee,
                delta.flags & GIT_DIFF_FLAG_BINARY.rawValue != 0
            else { return nil }
            return [delta.old_file, delta.new_file].map { ObjectID($0.id)?.hex ?? "none" }.joined(separator: " ")
        }
    }
}
