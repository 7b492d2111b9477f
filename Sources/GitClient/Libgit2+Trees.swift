import CLibgit2
import Diagnostics
import Glibc

extension Libgit2 {
    /// Makes a tree of another one with some files changed. What disappears does so before anything new appears, so that
    /// a file may take the place of a directory, and a submodule that of a file. To take out what is not there is fine.
    static func makeTree(
        _ tree: ObjectID, changing changes: [TreeChange], in repository: OpaquePointer
    ) throws -> ObjectID {
        let reader = TreeReader(repository: repository, limits: .standard)
        let leaving = try changes.compactMap { change -> TreeChange? in
            guard let standing = try reader.entry(at: try TreePath(change.path), inTree: tree)?.mode else { return nil }
            let stays = change.file.map { ($0.mode == .gitlink) == (standing == GIT_FILEMODE_COMMIT) } ?? false
            return stays || standing == GIT_FILEMODE_TREE ? nil : TreeChange(path: change.path, file: nil)
        }
        let standing = try update(tree, with: leaving, in: repository)
        return try update(standing, with: changes.filter { $0.file != nil }, in: repository)
    }

    private static func update(
        _ tree: ObjectID, with changes: [TreeChange], in repository: OpaquePointer
    ) throws -> ObjectID {
        guard !changes.isEmpty else { return tree }
        var updates: [git_tree_update] = []
        // libgit2 reads the paths until the tree is made.
        var paths: [UnsafeMutablePointer<CChar>?] = []
        defer { paths.forEach { free($0) } }
        for change in changes.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
            let copy = change.path.withCString { strdup($0) }
            paths.append(copy)
            var update = git_tree_update()
            update.path = UnsafePointer(copy)
            update.filemode = GIT_FILEMODE_BLOB
            update.action = GIT_TREE_UPDATE_REMOVE
            if let file = change.file {
                update.action = GIT_TREE_UPDATE_UPSERT
                update.filemode = file.mode.raw
                switch file.content {
                case .bytes(let bytes):
                    try check(
                        git_blob_create_from_buffer(&update.id, repository, bytes, bytes.count), "writing a file")
                case .object(let id): update.id = id.raw
                }
            }
            updates.append(update)
        }
        return try withTree(tree, in: repository) { tree in
            var made = git_oid()
            try check(git_tree_create_updated(&made, repository, tree, updates.count, updates), "writing a tree")
            guard let id = ObjectID(made) else { throw failure(GIT_ERROR.rawValue, "writing a tree") }
            return id
        }
    }
}

extension GitFileMode {
    /// The mode as libgit2 has it.
    var raw: git_filemode_t {
        switch self {
        case .regular: GIT_FILEMODE_BLOB
        case .executable: GIT_FILEMODE_BLOB_EXECUTABLE
        case .symbolicLink: GIT_FILEMODE_LINK
        case .gitlink: GIT_FILEMODE_COMMIT
        }
    }

    /// The mode of an entry; nil for a directory and for what no tree may hold.
    init?(_ raw: git_filemode_t) {
        switch raw {
        case GIT_FILEMODE_BLOB: self = .regular
        case GIT_FILEMODE_BLOB_EXECUTABLE: self = .executable
        case GIT_FILEMODE_LINK: self = .symbolicLink
        case GIT_FILEMODE_COMMIT: self = .gitlink
        default: return nil
        }
    }
}

extension Speculation {
    /// A tree with the files at some paths as another tree has them: those that it lacks are taken out.
    /// - Throws: `git.path-invalid`, `git.object-missing`.
    public func tree(_ tree: ObjectID, taking paths: [String], from other: ObjectID) throws -> ObjectID {
        try makeTree(
            tree,
            changing: try paths.map { path in
                let entry = try entry(at: path, inTree: other)
                return TreeChange(path: path, file: entry.map { .init(mode: $0.mode, content: .object($0.id)) })
            })
    }

    /// Makes a tree of another one with some files changed, in memory.
    public func makeTree(_ tree: ObjectID, changing changes: [TreeChange]) throws -> ObjectID {
        try Libgit2.makeTree(tree, changing: changes, in: repository)
    }

    /// Makes a tree of another one with some ordinary files changed, in memory; nil deletes a file.
    package func makeTree(_ tree: ObjectID, changing files: [String: [UInt8]?]) throws -> ObjectID {
        try makeTree(tree, changing: files.map { TreeChange($0.key, $0.value) })
    }
}

extension GitMirror {
    /// Makes a tree of another one with some ordinary files changed; nil deletes a file.
    package func makeTree(_ tree: ObjectID, changing files: [String: [UInt8]?]) throws -> ObjectID {
        try Libgit2.makeTree(tree, changing: files.map { TreeChange($0.key, $0.value) }, in: try repository())
    }
}
