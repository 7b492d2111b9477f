import CLibgit2
import Diagnostics

extension Speculation {
    /// Merges the commit `theirs` into the commit `ours`, with renames found and several merge bases merged, as git does.
    ///
    /// For most of what people do the result is the one that git gives; where whole files were renamed and changed at the
    /// same time, the two can differ, and the forge's own word counts. A merge of an ancestor gives the tree of `ours`.
    /// - Parameter known: Their merge bases where the caller has them, so that history is not walked again.
    /// - Throws: `git.unrelated-histories` when the two have no commit in common; `git.object-missing`.
    public func merge(
        _ theirs: ObjectID, into ours: ObjectID, from known: [ObjectID]? = nil
    ) throws -> MergeResult {
        let bases = try known ?? mergeBases(ours, theirs)
        guard let base = bases.first else {
            throw SluiceError(
                "git.unrelated-histories", .stalled, "the two commits have no history in common",
                detail: "\(ours) and \(theirs)")
        }
        // With one base, a merge of commits is one of three trees, and history is not walked once more.
        if bases.count == 1 {
            return try apply(from: try tree(of: base), to: try tree(of: theirs), onto: try tree(of: ours))
        }
        return try Libgit2.withCommit(ours, in: repository) { ours in
            try Libgit2.withCommit(theirs, in: repository) { theirs in
                try Libgit2.withMergeOptions { options in
                    try Libgit2.with(
                        "merging two commits", make: { git_merge_commits(&$0, repository, ours, theirs, options) },
                        free: git_index_free, read)
                }
            }
        }
    }

    /// Makes the change from the tree `before` to the tree `after` to the tree `target`: a merge of three trees.
    public func apply(from before: ObjectID?, to after: ObjectID?, onto target: ObjectID) throws -> MergeResult {
        if before == after { return .merged(tree: target) }
        if let after, before == target { return .merged(tree: after) }
        return try withTree(before) { before in
            try withTree(after) { after in
                try withTree(target) { target in
                    try Libgit2.withMergeOptions { options in
                        try Libgit2.with(
                            "merging three trees",
                            make: { git_merge_trees(&$0, repository, before, target, after, options) },
                            free: git_index_free, read)
                    }
                }
            }
        }
    }

    /// What a commit changed, made to the tree of the commit `target`.
    /// - Parameter mainline: Of a merge: the parent, from 1, on whose side the change is looked at. Nil for others.
    /// - Throws: `git.mainline-wrong`, as git refuses it.
    public func cherryPick(_ id: ObjectID, mainline: Int? = nil, onto target: ObjectID) throws -> MergeResult {
        let commit = try commit(id)
        return try apply(
            from: try parentTree(of: commit, mainline), to: commit.tree, onto: try tree(of: target))
    }

    /// What a commit changed, taken back from the tree of the commit `target`.
    /// - Parameter mainline: As of ``cherryPick(_:mainline:onto:)``.
    /// - Throws: `git.mainline-wrong`, as git refuses it.
    public func revert(_ id: ObjectID, mainline: Int? = nil, on target: ObjectID) throws -> RevertResult {
        let commit = try commit(id)
        let standing = try tree(of: target)
        switch try apply(from: commit.tree, to: try parentTree(of: commit, mainline), onto: standing) {
        case .merged(let tree): return tree == standing ? .empty : .reverted(tree: tree)
        case .conflicts(let conflicts): return .conflicts(conflicts)
        }
    }

    /// The tree of the parent that a change is looked at from; nil for the first commit of all.
    private func parentTree(of commit: GitCommit, _ mainline: Int?) throws -> ObjectID? {
        switch (commit.parents.count, mainline) {
        case (0, nil): return nil
        case (1, nil): return try commit.parents.first.map { try tree(of: $0) }
        case (2..., let number?) where commit.parents.indices.contains(number - 1):
            return try tree(of: commit.parents[number - 1])
        case (2..., nil):
            throw mainlineWrong(commit, "is a merge: say which of its \(commit.parents.count) parents is the mainline")
        case (2..., let number?):
            throw mainlineWrong(commit, "has \(commit.parents.count) parents: there is no number \(number)")
        default: throw mainlineWrong(commit, "is no merge and has no mainline")
        }
    }

    private func mainlineWrong(_ commit: GitCommit, _ problem: String) -> SluiceError {
        SluiceError("git.mainline-wrong", .stalled, "\(commit.id.abbreviated) \(problem)")
    }

    private func withTree<R>(_ id: ObjectID?, _ body: (OpaquePointer?) throws -> R) throws -> R {
        guard let id else { return try body(nil) }
        return try Libgit2.withTree(id, in: repository, body)
    }

    private func read(_ index: OpaquePointer) throws -> MergeResult {
        guard git_index_has_conflicts(index) == 0 else {
            return .conflicts(try ConflictReader(repository: repository).read(index))
        }
        var tree = git_oid()
        try Libgit2.check(git_index_write_tree_to(&tree, index, repository), "making a merged tree")
        guard let id = ObjectID(tree) else { throw Libgit2.failure(GIT_ERROR.rawValue, "making a merged tree") }
        return .merged(tree: id)
    }
}

/// What a merge gives.
public enum MergeResult: Hashable, Sendable {
    /// A tree.
    case merged(tree: ObjectID)
    /// No tree: these files have to be merged by a person.
    case conflicts([MergeConflict])

    /// The tree; nil when there are conflicts.
    public var tree: ObjectID? { if case .merged(let tree) = self { tree } else { nil } }

    /// The conflicts; none when there is a tree.
    public var conflicts: [MergeConflict] { if case .conflicts(let conflicts) = self { conflicts } else { [] } }
}

/// What taking a commit back gives.
public enum RevertResult: Hashable, Sendable {
    /// A tree without what the commit changed.
    case reverted(tree: ObjectID)
    /// The same tree: it was taken back before.
    case empty
    /// No tree: something later changed the same lines.
    case conflicts([MergeConflict])
}

extension Libgit2 {
    /// As many merge bases are merged with each other as any sane history has.
    private static let recursionLimit: UInt32 = 64

    static func withMergeOptions<R>(_ body: (UnsafePointer<git_merge_options>) throws -> R) throws -> R {
        var options = git_merge_options()
        try check(git_merge_options_init(&options, UInt32(GIT_MERGE_OPTIONS_VERSION)), "preparing a merge")
        options.recursion_limit = recursionLimit
        return try withUnsafePointer(to: &options, body)
    }
}
