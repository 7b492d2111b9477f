import CLibgit2
import Diagnostics

extension GitMirror {
    /// The best common ancestor of two commits; nil when they share no history.
    /// - Throws: `git.object-missing`.
    public func mergeBase(_ one: ObjectID, _ other: ObjectID) throws -> ObjectID? {
        let repository = try repository()
        var (base, left, right) = (git_oid(), one.raw, other.raw)
        for id in [one, other] { try Libgit2.withCommit(id, in: repository) { _ in } }
        let status = git_merge_base(&base, repository, &left, &right)
        if status == GIT_ENOTFOUND.rawValue { return nil }
        try Libgit2.check(status, "looking for the merge base of \(one) and \(other)")
        return ObjectID(base)
    }

    /// Whether `descendant` contains `ancestor`. A commit contains itself.
    /// - Throws: `git.object-missing`.
    public func isAncestor(_ ancestor: ObjectID, of descendant: ObjectID) throws -> Bool {
        let repository = try repository()
        for id in [ancestor, descendant] { try Libgit2.withCommit(id, in: repository) { _ in } }
        if ancestor == descendant { return true }
        var (commit, candidate) = (descendant.raw, ancestor.raw)
        return try Libgit2.check(
            git_graph_descendant_of(repository, &commit, &candidate), "walking from \(descendant)") == 1
    }

    /// The commits that `newest` contains and `after` does not, children before their parents.
    /// - Throws: `git.history-too-long` when there are more than `limit`; `git.object-missing`.
    public func commits(after: ObjectID?, through newest: ObjectID, limit: Int = 10_000) throws -> [GitCommit] {
        try Libgit2.commits(
            through: newest, hiding: after.map { [$0] } ?? [], limit: limit, in: try repository())
    }

    /// The files that differ between two commits at or below `paths`, sorted by path.
    ///
    /// A file that moved unchanged within `paths` is one change with its old path.
    /// - Parameters:
    ///   - old: The older commit; nil for an empty tree.
    ///   - new: The newer commit.
    ///   - paths: Taken literally, not as patterns.
    ///   - limit: The most changes.
    /// - Throws: `git.diff-too-large`, `git.path-invalid`, `git.object-missing`.
    public func changes(
        from old: ObjectID?, to new: ObjectID, under paths: [String] = [""], limit: Int = 100_000
    ) throws -> [FileChange] {
        let repository = try repository()
        let roots = TreePath.roots(of: try paths.map { try TreePath($0) })
        guard !roots.isEmpty else { return [] }
        let pathspec = roots.contains { $0.parts.isEmpty } ? [] : roots.map(\.text)
        let newTree = try Libgit2.treeID(ofCommit: new, in: repository)
        return try Libgit2.withTree(newTree, in: repository) { newTree in
            guard let old else { return try TreeDiff(repository, pathspec, limit).changes(from: nil, to: newTree) }
            let oldTree = try Libgit2.treeID(ofCommit: old, in: repository)
            return try Libgit2.withTree(oldTree, in: repository) {
                try TreeDiff(repository, pathspec, limit).changes(from: $0, to: newTree)
            }
        }
    }
}
