public import Changelog
import Diagnostics
public import GitClient

/// The files of one commit, in memory, as a changelog sees them.
///
/// Content comes from git's object database, so what a checkout would do to it, links included, does not matter. This
/// module must not know of registries, candidates or databases.
public struct CommitSource: ChangelogSource {
    /// Paths are told apart by their bytes, as git does: composed and decomposed letters make two files.
    private let files: [[UInt8]: GitFile]
    /// All of them, in the order of their paths.
    public let all: [GitFile]
    private let paths: [String]
    private let watched: [String]

    /// Makes a source of files.
    /// - Parameter watched: The paths that were asked for. A changelog that leaves them gets an error that says so; `[""]`
    ///   for all of a commit.
    public init(_ files: [GitFile], watched: [String] = [""]) {
        self.files = Dictionary(files.map { (Array($0.path.utf8), $0) }) { first, _ in first }
        self.watched = watched
        all = files
        paths = files.map(\.path)
    }

    /// The bytes of a file; nil when there is none.
    /// - Throws: `changelog.path-not-watched`, `changelog.not-a-file`.
    public func contents(of path: String) throws -> [UInt8]? {
        guard let file = files[Array(path.utf8)] ?? link(above: path) else {
            guard watched.contains(where: { Self.isPath(path, at: $0) }) else {
                throw SluiceError(
                    "changelog.path-not-watched", .stalled, "\(path) is outside of the watched paths",
                    hint:
                        "a changelog sees only \(watched.joined(separator: ", ")): see spec.watchedPaths of the registry"
                )
            }
            return nil
        }
        switch file.mode {
        case .regular, .executable: return file.bytes
        case .symbolicLink, .gitlink:
            throw SluiceError(
                "changelog.not-a-file", .stalled, "\(file.path) is a symbolic link or a submodule",
                hint: "put the file itself there: links are not followed", at: SourceLocation(file: file.path))
        }
    }

    /// The paths below a directory; nil when it has none.
    public func files(below directory: String) -> [String]? {
        let found = paths.filter { Self.isPath($0, below: directory) }
        return found.isEmpty ? nil : found
    }

    /// The link or submodule that stands where a path needs a directory.
    private func link(above path: String) -> GitFile? {
        let bytes = Array(path.utf8)
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "/") {
            if let file = files[Array(bytes.prefix(index))], file.mode == .symbolicLink || file.mode == .gitlink {
                return file
            }
        }
        return nil
    }

    private static func isPath(_ path: String, at root: String) -> Bool {
        root.isEmpty || path.utf8.elementsEqual(root.utf8) || isPath(path, below: root)
    }

    private static func isPath(_ path: String, below directory: String) -> Bool {
        directory.isEmpty || path.utf8.starts(with: "\(directory)/".utf8)
    }
}
