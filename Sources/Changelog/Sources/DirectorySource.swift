import Diagnostics
import Glibc

/// The files below directories. Nothing outside of them can be reached: each component of a path is opened by itself,
/// beneath the one before, and a symbolic link is refused wherever it stands.
public struct DirectorySource: ChangelogSource {
    private let roots: [String]
    private let bytesPerFile: Int
    private let fileLimit: Int

    /// A source of those directories. A file is taken from the first one that has it, as on Liquibase's search path.
    public init(searchPath roots: [String], bytesPerFile: Int = 32 << 20, fileLimit: Int = 100_000) {
        self.roots = roots
        self.bytesPerFile = bytesPerFile
        self.fileLimit = fileLimit
    }

    /// The bytes of the first file of that path.
    public func contents(of path: String) throws -> [UInt8]? {
        for root in roots {
            if let bytes = try contents(of: path, below: root) { return bytes }
        }
        return nil
    }

    /// The files of all roots that have such a directory, each path once.
    public func files(below directory: String) throws -> [String]? {
        var found: Set<String>?
        for root in roots {
            guard let handle = try open(root: root), let folder = try descend(handle, directory, flags: O_DIRECTORY)
            else { continue }
            var walk = FolderWalk(limit: fileLimit)
            try walk.visit(folder, path: directory)
            found = (found ?? []).union(walk.files)
        }
        return found?.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private func contents(of path: String, below root: String) throws -> [UInt8]? {
        guard let handle = try open(root: root), let file = try descend(handle, path, flags: 0) else { return nil }
        let status = try file.status()
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SluiceError("changelog.not-a-file", .stalled, "'\(path)' is no regular file")
        }
        guard status.st_size <= bytesPerFile, let bytes = try file.readAll(limit: bytesPerFile) else {
            throw SluiceError("changelog.too-large", .stalled, "'\(path)' has more than \(bytesPerFile) bytes")
        }
        return bytes
    }

    /// The root itself is chosen by the operator and may be a link.
    private func open(root: String) throws -> OpenedFile? {
        try OpenedFile.open(root, at: AT_FDCWD, flags: O_DIRECTORY, name: root)
    }

    /// Opens a path one component after another; nil when one of them does not exist.
    private func descend(_ root: borrowing OpenedFile, _ path: String, flags last: Int32) throws -> OpenedFile? {
        let parts = path.words(at: "/").map(String.init)
        guard !parts.contains("..") else {
            throw SluiceError("changelog.path-above-root", .stalled, "'\(path)' leads above the root")
        }
        guard let first = parts.first else {
            return try OpenedFile.open(".", at: root.descriptor, flags: O_DIRECTORY | O_NOFOLLOW, name: path)
        }
        func flags(at index: Int) -> Int32 { O_NOFOLLOW | (index == parts.count - 1 ? last : O_DIRECTORY) }
        guard var current = try OpenedFile.open(first, at: root.descriptor, flags: flags(at: 0), name: path) else {
            return nil
        }
        for (index, part) in parts.enumerated().dropFirst() {
            guard let next = try OpenedFile.open(part, at: current.descriptor, flags: flags(at: index), name: path)
            else {
                return nil
            }
            current = next
        }
        return current
    }
}
