import Diagnostics
import Glibc

/// The YAML files below a directory, read without ever leaving it.
///
/// Every step down is relative to an open directory and refuses symbolic links, so no link, and no exchange of a
/// directory for a link while it is read, leads anywhere else.
struct DirectoryListing {
    /// The files in the order of their paths.
    private(set) var files: [DesiredStateFile] = []
    private let limits: ReadingLimits
    private var findings = Findings()

    private init(limits: ReadingLimits) { self.limits = limits }

    /// Reads the files. Hidden ones and those that are not named `*.yaml` or `*.yml` are passed over; links and what
    /// else cannot be read are reported.
    static func files(
        below directory: String, limits: ReadingLimits, findings: inout Findings
    ) throws -> [DesiredStateFile] {
        let descriptor = open(directory, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard descriptor >= 0 else { throw FileProblem(path: directory, number: errno) }
        var listing = DirectoryListing(limits: limits)
        swap(&listing.findings, &findings)
        defer { swap(&listing.findings, &findings) }
        try listing.visit(descriptor, path: "", depth: 0)
        return listing.files
    }

    /// Visits an open directory, which is closed afterwards.
    private mutating func visit(_ descriptor: Int32, path: String, depth: Int) throws {
        guard let stream = fdopendir(descriptor) else {
            close(descriptor)
            throw FileProblem(path: path, number: errno)
        }
        defer { closedir(stream) }
        for name in Self.names(in: stream) where !name.begins(with: ".") {
            let child = path.isEmpty ? name : "\(path)/\(name)"
            var status = stat()
            guard fstatat(dirfd(stream), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                throw FileProblem(path: child, number: errno)
            }
            let isYAML = DesiredStateReader.isRead(name)
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try descend(from: stream, to: name, path: child, depth: depth + 1)
            case S_IFREG where isYAML: try readFile(name, in: stream, path: child)
            case S_IFLNK: ignore(child, "a symbolic link is not followed")
            case _ where isYAML: ignore(child, "what is no regular file is not read")
            default: break
            }
        }
    }

    private mutating func descend(from stream: OpaquePointer, to name: String, path: String, depth: Int) throws {
        guard depth <= limits.directoryDepth else {
            findings.report(
                .limit, at: SourceLocation(file: path), path: "",
                "directories are nested deeper than \(limits.directoryDepth) levels")
            return
        }
        let descriptor = openat(dirfd(stream), name, O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW)
        guard descriptor >= 0 else { throw FileProblem(path: path, number: errno) }
        try visit(descriptor, path: path, depth: depth)
    }

    private mutating func readFile(_ name: String, in stream: OpaquePointer, path: String) throws {
        guard files.count < limits.files else {
            throw FileProblem(path: path, reason: "there are more than \(limits.files) files")
        }
        let descriptor = openat(dirfd(stream), name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileProblem(path: path, number: errno) }
        defer { close(descriptor) }
        // Too large is a mistake of the author like any other; only what cannot be read at all ends the listing.
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileProblem(path: path, number: errno) }
        guard status.st_size <= limits.fileSize else {
            findings.report(
                .limit, at: SourceLocation(file: path), path: "",
                "the file has \(status.st_size) bytes, more than the \(limits.fileSize) allowed")
            return
        }
        let bytes = try RegularFile.read(descriptor, path: path, limit: limits.fileSize)
        files.append(DesiredStateFile(path: path, bytes: bytes))
    }

    private mutating func ignore(_ path: String, _ reason: String) {
        findings.report(.ignoredFile, .warning, at: SourceLocation(file: path), path: "", reason)
    }

    private static func names(in stream: OpaquePointer) -> [String] {
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.append(name)
        }
        return names.sorted()
    }
}
