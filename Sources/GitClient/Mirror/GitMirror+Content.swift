import CLibgit2
import Diagnostics

extension GitMirror {
    /// Reads a commit.
    /// - Throws: `git.object-missing` when the repository has no such commit.
    public func commit(_ id: ObjectID) throws -> GitCommit {
        try Libgit2.commit(id, in: try repository())
    }

    /// Whether the repository has this object, of whatever type.
    public func contains(_ id: ObjectID) throws -> Bool { try Libgit2.hasObject(id, in: try repository()) }

    /// The id of the directory's tree or of the file's content at `path` in a commit; nil when there is nothing there.
    ///
    /// Equal ids mean equal content, whatever the history. Symbolic links are not followed.
    /// - Throws: `git.path-invalid`, `git.object-missing`.
    public func treeID(of commit: ObjectID, at path: String) throws -> ObjectID? {
        let path = try TreePath(path)
        return try TreeReader(repository: try repository(), limits: .standard).entry(at: path, in: commit)?.id
    }

    /// The files of a commit at or below `paths`, with their content, in the order of their paths' bytes.
    ///
    /// A path that does not exist gives no files. Symbolic links and submodules are returned as what they are and never
    /// followed.
    /// - Throws: `git.tree-too-large` when a limit is exceeded, `git.tree-hostile` when a name in the tree could be
    ///   mistaken for another path, `git.path-invalid`, `git.object-missing`.
    public func files(
        in commit: ObjectID, under paths: [String] = [""], limits: TreeLimits = .standard
    ) throws -> [GitFile] {
        let roots = TreePath.roots(of: try paths.map { try TreePath($0) })
        var reader = TreeReader(repository: try repository(), limits: limits)
        for root in roots { try reader.collect(root, in: commit) }
        return reader.files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// The content with this id.
    /// - Throws: `git.object-too-large` above `limit` bytes, before anything is unpacked; `git.object-missing`.
    public func blob(_ id: ObjectID, limit: Int = TreeLimits.standard.bytesPerFile) throws -> [UInt8] {
        try Libgit2.blob(id, in: try repository(), limit: limit)
    }
}
