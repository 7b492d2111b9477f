public import GitClient

/// A difference of two trees as text: what `git diff` and `diff -u` write, read.
public struct Patch: Hashable, Sendable {
    /// What it does to each file, in its order.
    public let files: [FilePatch]

    /// Makes a patch.
    public init(files: [FilePatch]) { self.files = files }

    /// The same without where it stands in a text.
    var withoutPlaces: Patch {
        Patch(
            files: files.map { file in
                var file = file
                file.line = 0
                file.hunks = file.hunks.map {
                    Hunk(oldStart: $0.oldStart, newStart: $0.newStart, lines: $0.lines, line: 0)
                }
                return file
            })
    }
}

/// What a patch does to one file.
public struct FilePatch: Hashable, Sendable {
    /// What becomes of the file.
    public enum Change: String, Hashable, Sendable {
        /// It stays where it is.
        case modified
        /// It is new.
        case created
        /// It goes.
        case deleted
        /// It moves.
        case renamed
        /// Another one is made after it.
        case copied
    }

    /// What becomes of the file.
    public var change = Change.modified
    /// Where it stood; of a new file, where it will.
    public var oldPath = ""
    /// Where it will stand; of one that goes, where it stood.
    public var newPath = ""
    /// What kind of file it was, where the patch says it.
    public var oldMode: GitFileMode?
    /// What kind of file it becomes, where the patch says it.
    public var newMode: GitFileMode?
    /// The id of the content before, as much of it as the patch has.
    public var oldID: String?
    /// The id of the content after.
    public var newID: String?
    /// The lines that differ.
    public var hunks: [Hunk] = []
    /// The content of a binary file, where the patch has it.
    public var binary: BinaryChange?
    /// The patch says that binary files differ, and no more.
    public var lacksBinary = false
    /// Where it begins in the patch's text, counted from 1.
    public var line = 0

    /// The path by which the file is spoken of.
    public var path: String { change == .deleted ? oldPath : newPath }
}

/// Lines that a patch replaces, with their surroundings.
public struct Hunk: Hashable, Sendable {
    /// One line.
    public struct Line: Hashable, Sendable {
        /// What happens to it.
        public enum Kind: Hashable, Sendable {
            /// It stays.
            case context
            /// It goes.
            case removed
            /// It is new.
            case added
        }

        /// What happens to it.
        public let kind: Kind
        /// Its bytes, the line feed included where it has one.
        public var bytes: ArraySlice<UInt8>
    }

    /// The first line in the old file, from 1; 0 when it has none.
    public let oldStart: Int
    /// The first line in the new file, from 1; 0 when it has none.
    public let newStart: Int
    /// The lines.
    public var lines: [Line]
    /// Where it begins in the patch's text, counted from 1.
    public let line: Int

    /// The lines as they are before.
    public var before: [ArraySlice<UInt8>] { lines.filter { $0.kind != .added }.map(\.bytes) }
    /// The lines as they are afterwards.
    public var after: [ArraySlice<UInt8>] { lines.filter { $0.kind != .removed }.map(\.bytes) }

    /// The same hunk taken back.
    public var reversed: Hunk {
        Hunk(
            oldStart: newStart, newStart: oldStart,
            lines: lines.map { line in
                let kind: Line.Kind =
                    switch line.kind {
                    case .context: .context
                    case .removed: .added
                    case .added: .removed
                    }
                return Line(kind: kind, bytes: line.bytes)
            }, line: line)
    }

    /// How many lines of context it begins with.
    var leading: Int { lines.prefix { $0.kind == .context }.count }
    /// How many lines of context it ends with.
    var trailing: Int { lines.reversed().prefix { $0.kind == .context }.count }
}

/// The content of a binary file, compressed.
public struct BinaryChange: Hashable, Sendable {
    /// How the new content is written.
    public enum Form: Hashable, Sendable {
        /// As a whole.
        case literal
        /// As what differs from the old one.
        case delta
    }

    /// How the new content is written.
    public let form: Form
    /// How many bytes it unpacks to.
    public let size: Int
    /// The compressed bytes.
    public let compressed: [UInt8]
}
