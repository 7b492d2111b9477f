import CLibgit2
import Diagnostics

extension Libgit2 {
    /// Makes an object of the library, hands it to `body`, and frees it.
    static func with<R>(
        _ doing: @autoclosure () -> String, make: (inout OpaquePointer?) -> Int32, free: (OpaquePointer?) -> Void,
        _ body: (OpaquePointer) throws -> R
    ) throws -> R {
        var pointer: OpaquePointer?
        try check(make(&pointer), doing())
        guard let pointer else { throw failure(GIT_ERROR.rawValue, doing()) }
        defer { free(pointer) }
        return try body(pointer)
    }

    /// The most bytes of a commit or a tree that are parsed. Both are written by strangers and parsed as a whole.
    static let structureLimit = 16 << 20

    static func withCommit<R>(
        _ id: ObjectID, in repository: OpaquePointer, _ body: (OpaquePointer) throws -> R
    ) throws -> R {
        try checkSize(of: id, in: repository, atMost: structureLimit)
        var raw = id.raw
        return try with(
            "reading commit \(id)", make: { git_commit_lookup(&$0, repository, &raw) }, free: git_commit_free, body)
    }

    static func withTree<R>(
        _ id: ObjectID, in repository: OpaquePointer, _ body: (OpaquePointer) throws -> R
    ) throws -> R {
        try checkSize(of: id, in: repository, atMost: structureLimit)
        var raw = id.raw
        return try with(
            "reading tree \(id)", make: { git_tree_lookup(&$0, repository, &raw) }, free: git_tree_free, body)
    }

    /// The id of a commit's tree.
    static func treeID(ofCommit id: ObjectID, in repository: OpaquePointer) throws -> ObjectID {
        try withCommit(id, in: repository) { commit in
            guard let tree = ObjectID(git_commit_tree_id(commit)) else {
                throw failure(GIT_ERROR.rawValue, "reading the tree of \(id)")
            }
            return tree
        }
    }

    /// Content of at most `limit` bytes. Its size is asked for before anything is unpacked.
    static func blob(_ id: ObjectID, in repository: OpaquePointer, limit: Int) throws -> [UInt8] {
        try checkSize(of: id, in: repository, atMost: limit)
        var raw = id.raw
        return try with(
            "reading blob \(id)", make: { git_blob_lookup(&$0, repository, &raw) }, free: git_blob_free
        ) { blob in
            guard let start = git_blob_rawcontent(blob) else { return [] }
            return Array(UnsafeRawBufferPointer(start: start, count: Int(git_blob_rawsize(blob))))
        }
    }

    /// The size of an object in bytes, without reading it.
    static func size(of id: ObjectID, in repository: OpaquePointer) throws -> Int {
        try with(
            "opening the object database", make: { git_repository_odb(&$0, repository) }, free: git_odb_free
        ) { database in
            var size = 0
            var type = GIT_OBJECT_INVALID
            var raw = id.raw
            try check(git_odb_read_header(&size, &type, database, &raw), "looking for \(id)")
            return size
        }
    }

    /// Refuses an object that is larger than `limit` bytes, without reading it.
    private static func checkSize(of id: ObjectID, in repository: OpaquePointer, atMost limit: Int) throws {
        let size = try size(of: id, in: repository)
        guard size <= limit else {
            throw SluiceError(
                "git.object-too-large", .stalled,
                "an object in the repository has \(size) bytes; at most \(limit) are read", detail: "object \(id)")
        }
    }
}
