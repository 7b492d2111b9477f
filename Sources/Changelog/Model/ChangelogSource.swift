import Diagnostics

/// The files that a changelog may see: a commit's tree, a directory, or a table in a test.
///
/// Everything is in memory or read at once, so that the engine itself does no I/O on files. Paths are relative, use `/`,
/// and never begin with `/` or hold `..`: the resolver normalises and confines them before it asks.
public protocol ChangelogSource: Sendable {
    /// The bytes of a file; nil when there is no such file. Throws for what exists but may not be read: a symbolic link,
    /// a file over the size limit.
    func contents(of path: String) throws -> [UInt8]?

    /// The paths of all files below a directory, at any depth, sorted by their bytes; nil when there is no such
    /// directory. `""` is the root.
    func files(below directory: String) throws -> [String]?
}

/// A source of files that are already in memory.
public struct MemorySource: ChangelogSource {
    private let contents: [String: [UInt8]]
    private let paths: [String]

    /// Makes a source of paths and their bytes.
    public init(_ contents: [String: [UInt8]]) {
        self.contents = contents
        paths = contents.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The bytes under exactly that path.
    public func contents(of path: String) -> [UInt8]? { contents[path] }

    /// The paths that begin with the directory's.
    public func files(below directory: String) -> [String]? {
        let prefix = directory.isEmpty ? "" : directory + "/"
        let found = paths.filter { $0.begins(with: prefix) }
        return found.isEmpty ? nil : found
    }
}
