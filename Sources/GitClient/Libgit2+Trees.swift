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

extension Speculation {
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
