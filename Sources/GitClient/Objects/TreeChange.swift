/// A name of a tree that stands for a file.
public struct TreeEntry: Hashable, Sendable {
    /// The path from the top of the tree.
    public let path: String
    /// What kind of file it is.
    public let mode: GitFileMode
    /// The id of its content, or the commit of a gitlink.
    public let id: ObjectID

    /// Makes an entry.
    public init(path: String, mode: GitFileMode, id: ObjectID) {
        self.path = path
        self.mode = mode
        self.id = id
    }
}

/// What becomes of one path when a tree is made of another one.
public struct TreeChange: Hashable, Sendable {
    /// A file to stand there.
    public struct File: Hashable, Sendable {
        /// Where its content comes from.
        public enum Content: Hashable, Sendable {
            /// These bytes.
            case bytes([UInt8])
            /// An object that exists; for a gitlink, the commit.
            case object(ObjectID)
        }

        /// What kind of file it is.
        public var mode: GitFileMode
        /// What it holds.
        public var content: Content

        /// Makes a file.
        public init(mode: GitFileMode, content: Content) {
            self.mode = mode
            self.content = content
        }
    }

    /// The path from the top of the tree.
    public let path: String
    /// What stands there afterwards; nil for nothing.
    public let file: File?

    /// Makes a change.
    public init(path: String, file: File?) {
        self.path = path
        self.file = file
    }

    /// An ordinary file of these bytes, or none.
    public init(_ path: String, _ bytes: [UInt8]?) {
        self.init(path: path, file: bytes.map { File(mode: .regular, content: .bytes($0)) })
    }
}
