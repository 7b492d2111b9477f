import CLibgit2
import Diagnostics

extension Speculation {
    /// The files of a tree whose paths are wanted, sorted by path: all of them, or an error. Of others nothing is read.
    ///
    /// Links and submodules are among them, never followed; see ``GitFile/mode``.
    /// - Throws: `git.tree-too-large`; `git.object-missing`; `git.tree-hostile`.
    public func files(
        inTree tree: ObjectID, limits: TreeLimits = .standard, where isWanted: (_ path: String) -> Bool = { _ in true }
    ) throws -> [GitFile] {
        var reader = TreeReader(repository: repository, limits: limits)
        try reader.collect(tree, at: "", where: isWanted)
        return reader.files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// What kind of file stands at `path` in a tree, and its object; nil when there is no file.
    /// - Throws: `git.path-invalid`; `git.object-missing`.
    public func entry(at path: String, inTree tree: ObjectID) throws -> TreeEntry? {
        let reader = TreeReader(repository: repository, limits: .standard)
        guard let entry = try reader.entry(at: try TreePath(path), inTree: tree),
            let mode = GitFileMode(entry.mode)
        else { return nil }
        return TreeEntry(path: path, mode: mode, id: entry.id)
    }

    /// Whether a directory stands at `path` in a tree.
    /// - Throws: `git.path-invalid`; `git.object-missing`.
    public func isDirectory(_ path: String, inTree tree: ObjectID) throws -> Bool {
        let reader = TreeReader(repository: repository, limits: .standard)
        return try reader.entry(at: try TreePath(path), inTree: tree)?.mode == GIT_FILEMODE_TREE
    }

    /// The names of all files of a tree, sorted; their content is not read.
    /// - Throws: `git.tree-too-large`; `git.object-missing`; `git.tree-hostile`.
    public func entries(inTree tree: ObjectID, limits: TreeLimits = .standard) throws -> [TreeEntry] {
        var reader = TreeReader(repository: repository, limits: limits)
        var found: [TreeEntry] = []
        try reader.walk(tree) { path, entry in
            if let mode = GitFileMode(entry.mode) { found.append(TreeEntry(path: path, mode: mode, id: entry.id)) }
        }
        return found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// The content with this id.
    /// - Throws: `git.object-too-large` above `limit` bytes, before anything is unpacked; `git.object-missing`.
    public func blob(_ id: ObjectID, limit: Int = TreeLimits.standard.bytesPerFile) throws -> [UInt8] {
        try Libgit2.blob(id, in: repository, limit: limit)
    }

    /// Whether there is this object, of whatever type.
    public func contains(_ id: ObjectID) throws -> Bool { try Libgit2.hasObject(id, in: repository) }
}
