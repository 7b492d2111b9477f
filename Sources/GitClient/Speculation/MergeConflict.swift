/// A file that both sides of a merge changed, each in its own way.
public struct MergeConflict: Hashable, Sendable {
    /// The file on one side.
    public struct Side: Hashable, Sendable {
        /// Its content.
        public let id: ObjectID
        /// What kind of file it is.
        public let mode: GitFileMode

        /// Makes a side.
        public init(id: ObjectID, mode: GitFileMode) {
            self.id = id
            self.mode = mode
        }
    }

    /// Lines that both sides changed. Long ones are cut.
    public struct Hunk: Hashable, Sendable {
        /// What the target has.
        public let ours: String
        /// What both come from.
        public let base: String
        /// What is merged into it.
        public let theirs: String

        /// Makes a hunk.
        public init(ours: String, base: String, theirs: String) {
            self.ours = ours
            self.base = base
            self.theirs = theirs
        }
    }

    /// The path.
    public let path: String
    /// The file that both come from; nil when there was none.
    public let base: Side?
    /// The file of the target; nil when it has none.
    public let ours: Side?
    /// The file of what is merged into it; nil when it has none.
    public let theirs: Side?
    /// The lines, of text; a few of them when there are many.
    public let hunks: [Hunk]

    /// Makes a conflict.
    public init(path: String, base: Side?, ours: Side?, theirs: Side?, hunks: [Hunk] = []) {
        self.path = path
        self.base = base
        self.ours = ours
        self.theirs = theirs
        self.hunks = hunks
    }
}
