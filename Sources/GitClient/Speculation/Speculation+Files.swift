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
}
