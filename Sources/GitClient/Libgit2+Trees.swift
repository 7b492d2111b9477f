import CLibgit2
import Diagnostics
import Glibc

extension Libgit2 {
    /// Makes a tree of another one with some files changed; nil deletes a file.
    static func makeTree(
        _ tree: ObjectID, changing files: [String: [UInt8]?], in repository: OpaquePointer
    ) throws -> ObjectID {
        var updates: [git_tree_update] = []
        // libgit2 reads the paths until the tree is made.
        var paths: [UnsafeMutablePointer<CChar>?] = []
        defer { paths.forEach { free($0) } }
        for (path, content) in files.sorted(by: { $0.key < $1.key }) {
            let copy = path.withCString { strdup($0) }
            paths.append(copy)
            var update = git_tree_update()
            update.path = UnsafePointer(copy)
            update.filemode = GIT_FILEMODE_BLOB
            update.action = content == nil ? GIT_TREE_UPDATE_REMOVE : GIT_TREE_UPDATE_UPSERT
            if let content {
                try check(
                    git_blob_create_from_buffer(&update.id, repository, content, content.count), "writing a file")
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

extension Libgit2 {
    /// Makes a tree of another one with some files as given; nil takes a file out.
    static func makeTree(
        _ tree: ObjectID, with entries: [(path: String, entry: TreeReader.Entry?)], in repository: OpaquePointer
    ) throws -> ObjectID {
        try with("making an index", make: { git_index_new(&$0) }, free: git_index_free) { index in
            _ = try withTree(tree, in: repository) { try check(git_index_read_tree(index, $0), "reading a tree") }
            // What goes makes room first: a file may stand where a directory was.
            for (path, entry) in entries where entry == nil {
                let status = git_index_remove(index, path, 0)
                if status != GIT_ENOTFOUND.rawValue { try check(status, "taking a file out of a tree") }
            }
            for (path, entry) in entries {
                guard let entry else { continue }
                var added = git_index_entry()
                added.id = entry.id.raw
                added.mode = UInt32(entry.mode.rawValue)
                try path.withCString { path in
                    added.path = path
                    try check(git_index_add(index, &added), "putting a file into a tree")
                }
            }
            var made = git_oid()
            try check(git_index_write_tree_to(&made, index, repository), "writing a tree")
            guard let id = ObjectID(made) else { throw failure(GIT_ERROR.rawValue, "writing a tree") }
            return id
        }
    }
}

extension Speculation {
    /// A tree with the files at some paths as another tree has them: those that it lacks are taken out.
    /// - Throws: `git.path-invalid`, `git.object-missing`.
    public func tree(_ tree: ObjectID, taking paths: [String], from other: ObjectID) throws -> ObjectID {
        let reader = TreeReader(repository: repository, limits: .standard)
        let entries = try paths.map { path in
            let entry = try reader.entry(at: try TreePath(path), inTree: other)
            return (path: path, entry: entry?.mode == GIT_FILEMODE_TREE ? nil : entry)
        }
        return try Libgit2.makeTree(tree, with: entries, in: repository)
    }

    /// Makes a tree of another one with some files changed, in memory; nil deletes a file.
    package func makeTree(_ tree: ObjectID, changing files: [String: [UInt8]?]) throws -> ObjectID {
        try Libgit2.makeTree(tree, changing: files, in: repository)
    }
}

extension GitMirror {
    /// Makes a tree of another one with some files changed; nil deletes a file.
    package func makeTree(_ tree: ObjectID, changing files: [String: [UInt8]?]) throws -> ObjectID {
        try Libgit2.makeTree(tree, changing: files, in: try repository())
    }
}
