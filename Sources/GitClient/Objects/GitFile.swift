/// What a tree says a name stands for.
public enum GitFileMode: Hashable, Sendable {
    /// An ordinary file.
    case regular
    /// A file that may be executed.
    case executable
    /// A symbolic link; its content is the path it points to. Never followed here.
    case symbolicLink
    /// A commit of another repository (a submodule). It has no content here.
    case gitlink
}

/// A file of a commit, with its content.
public struct GitFile: Hashable, Sendable {
    /// The path from the top of the tree. Compare paths by their UTF-8 where exactness matters: Swift's `String` takes
    /// composed and decomposed characters for the same, git does not.
    public let path: String
    /// What kind of file it is.
    public let mode: GitFileMode
    /// The id of its content, or the commit of a gitlink.
    public let id: ObjectID
    /// Its content; the target's path for a symbolic link; empty for a gitlink.
    public let bytes: [UInt8]

    /// Makes a file.
    public init(path: String, mode: GitFileMode, id: ObjectID, bytes: [UInt8]) {
        self.path = path
        self.mode = mode
        self.id = id
        self.bytes = bytes
    }
}

/// How much of a repository may be read at once. Repositories are written by strangers.
public struct TreeLimits: Hashable, Sendable {
    /// The most files.
    public var files: Int
    /// The most bytes of one file.
    public var bytesPerFile: Int
    /// The most bytes of all files together.
    public var totalBytes: Int
    /// The most directories inside each other.
    public var depth: Int
    /// The most names looked at, directories included. A tree may name itself-alike trees a billion times.
    public var entries: Int

    /// Limits that any sane changelog keeps.
    public static let standard = TreeLimits()

    /// Makes limits; those not given are generous ones.
    public init(
        files: Int = 20_000, bytesPerFile: Int = 32 << 20, totalBytes: Int = 256 << 20, depth: Int = 64,
        entries: Int = 200_000
    ) {
        self.files = files
        self.bytesPerFile = bytesPerFile
        self.totalBytes = totalBytes
        self.depth = depth
        self.entries = entries
    }
}
