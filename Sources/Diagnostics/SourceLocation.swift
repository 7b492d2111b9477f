/// A place in a text that a user wrote. Lines and columns count from 1.
public struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
    /// The file, as its author would name it: a path inside the repository or below the folder that was read.
    public let file: String
    /// The line, from 1; nil when only the file is known.
    public let line: Int?
    /// The column in the line, from 1; nil when only the line is known.
    public let column: Int?

    /// Makes a location.
    public init(file: String, line: Int? = nil, column: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file`, `file:line` or `file:line:column`.
    public var description: String {
        [file, line.map(String.init), column.map(String.init)].compactMap(\.self).joined(separator: ":")
    }
}
