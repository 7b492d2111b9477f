/// A file that differs between two commits.
public struct FileChange: Hashable, Sendable {
    /// What happened to it.
    public enum Status: String, Hashable, Sendable {
        /// It is new.
        case added
        /// It is gone.
        case deleted
        /// Its content or mode differs.
        case modified
        /// It has moved with its content unchanged.
        case renamed
        /// It turned from one kind into another, such as a file into a symbolic link.
        case typeChanged
    }

    /// The path in the newer commit, or in the older one when it is gone.
    public let path: String
    /// The path in the older commit when it has moved.
    public let oldPath: String?
    /// What happened.
    public let status: Status

    /// Makes a change.
    public init(path: String, oldPath: String? = nil, status: Status) {
        self.path = path
        self.oldPath = oldPath
        self.status = status
    }
}
