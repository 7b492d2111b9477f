import Changelog
import Diagnostics
import GitClient

/// A registry's repository as far as the gate looks at it: the watched paths and nothing else.
///
/// The content key covers exactly these paths, and the changelog engine is shown exactly these files. So a changelog
/// cannot depend on anything that the key does not know of.
struct WatchedRepository: Sendable {
    let mirror: GitMirror
    let paths: [String]

    /// What is at the watched paths of a commit, by id.
    func trees(at commit: ObjectID) async throws -> WatchedTrees {
        var ids: [String: ObjectID] = [:]
        for path in paths { ids[path] = try await mirror.treeID(of: commit, at: path) }
        return WatchedTrees(ids)
    }

    /// The files at the watched paths of a commit.
    /// - Parameter target: The commit of the target branch that a merge is looked at with; nil when none is.
    func content(at commit: ObjectID, mergedWith target: ObjectID? = nil) async throws -> CommitContent {
        let source = CommitSource(try await mirror.files(in: commit, under: paths), watched: paths)
        guard let target, let base = try await mirror.mergeBase(target, commit),
            case .merged(let files) = try await mirror.mergedFiles(of: commit, with: target, from: base, under: paths)
        else { return CommitContent(source: source, merged: nil) }
        return CommitContent(source: source, merged: CommitSource(files, watched: paths))
    }

    /// The code of the error for a candidate that does not come from its target branch.
    static let unrelatedHistory: SluiceError.Code = "candidate.unrelated-history"

    /// Where a candidate left the target branch.
    /// - Throws: `candidate.unrelated-history` when the two have no commit in common.
    func base(of revision: ObjectID, on head: ObjectID) async throws -> ObjectID {
        guard let base = try await mirror.mergeBase(head, revision) else {
            throw SluiceError(
                Self.unrelatedHistory, .stalled,
                "the candidate has no commit in common with the branch that it is for",
                hint: "make the candidate from a commit of that branch")
        }
        return base
    }
}

/// The files of one commit, in memory, as a changelog sees them.
struct CommitSource: ChangelogSource {
    /// Paths are told apart by their bytes, as git does: composed and decomposed letters make two files.
    private let files: [[UInt8]: GitFile]
    /// All of them, in the order of their paths.
    let all: [GitFile]
    private let paths: [String]
    private let watched: [String]

    init(_ files: [GitFile], watched: [String]) {
        self.files = Dictionary(files.map { (Array($0.path.utf8), $0) }) { first, _ in first }
        self.watched = watched
        all = files
        paths = files.map(\.path)
    }

    func contents(of path: String) throws -> [UInt8]? {
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

    func files(below directory: String) -> [String]? {
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
        path.utf8.elementsEqual(root.utf8) || isPath(path, below: root)
    }

    private static func isPath(_ path: String, below directory: String) -> Bool {
        directory.isEmpty || path.utf8.starts(with: "\(directory)/".utf8)
    }
}
