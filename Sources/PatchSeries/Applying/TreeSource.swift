import Diagnostics
public import GitClient

/// The files of a tree, whether it is in the repository or was made in memory.
public final class TreeSource: FileSource {
    private let speculation: Speculation
    private let tree: ObjectID
    private let limits: PatchLimits
    private var names: [TreeEntry]?

    /// Looks at a tree within one call of ``GitMirror/speculate(_:)``.
    public init(_ tree: ObjectID, in speculation: Speculation, limits: PatchLimits = PatchLimits()) {
        self.speculation = speculation
        self.tree = tree
        self.limits = limits
    }

    /// The file at a path; nil when there is none.
    public func file(at path: String) throws -> PatchedFile? {
        guard let entry = try speculation.entry(at: path, inTree: tree) else { return nil }
        guard entry.mode != .gitlink else {
            return PatchedFile(mode: .gitlink, bytes: Array("\(PatchedFile.submodule)\(entry.id)\n".utf8))
        }
        return PatchedFile(mode: entry.mode, bytes: try speculation.blob(entry.id, limit: limits.fileSize))
    }

    /// Whether a directory stands at a path.
    public func isDirectory(_ path: String) throws -> Bool { try speculation.isDirectory(path, inTree: tree) }

    /// Files with the same content, then files of the same name.
    public func likelyPlaces(of path: String, content: String?) throws -> [String] {
        let names = try listing()
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last ?? []
        let same = names.filter { $0.id.hex == content }
        let called = names.filter { entry in
            entry.path.utf8.split(separator: UInt8(ascii: "/")).last?.elementsEqual(name) == true
        }
        return (same + called).prefix(Self.places).map(\.path)
    }

    /// At how many places a missing file is looked for.
    private static let places = 20

    private func listing() throws -> [TreeEntry] {
        if let names { return names }
        let read = try speculation.entries(inTree: tree)
        names = read
        return read
    }
}

extension PatchApplication {
    /// The tree that the patch makes of the one that it was applied to; the same one when it does not apply.
    public func tree(from tree: ObjectID, in speculation: Speculation) throws -> ObjectID {
        let changes = try changes.map { change in
            TreeChange(path: change.path, file: try change.file.map { try $0.treeFile(at: change.path) })
        }
        return try speculation.makeTree(tree, changing: changes)
    }
}

extension PatchedFile {
    /// What stands before the commit in the line that stands for a submodule.
    fileprivate static let submodule = "Subproject commit "

    /// The file as a tree holds it.
    fileprivate func treeFile(at path: String) throws -> TreeChange.File {
        guard mode == .gitlink else { return TreeChange.File(mode: mode, content: .bytes(bytes)) }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.begins(with: Self.submodule), text.ends(with: "\n"),
            let id = ObjectID(exactly: text.dropFirst(Self.submodule.count).dropLast())
        else {
            throw SluiceError(
                "patch.corrupt", .stalled, "the patch is broken: a submodule gets something else than a commit",
                at: SourceLocation(file: path))
        }
        return TreeChange.File(mode: .gitlink, content: .object(id))
    }
}
