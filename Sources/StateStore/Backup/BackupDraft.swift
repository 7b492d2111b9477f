import Crypto
import Diagnostics
import Glibc

/// A backup that is being written: beside its place, under a name that nobody takes for a backup, readable by its owner
/// only. It gets its own name when it is whole and on the disk.
final class BackupDraft: Sendable {
    private let path: String
    private let draft: String
    private let descriptor: Int32

    /// - Parameter mark: A word that no other draft has.
    init(for path: String, overwriting: Bool, mark: String) throws(BackupError) {
        self.path = path
        draft = "\(path).\(mark).part"
        if !overwriting, access(path, F_OK) == 0 { throw .exists(path) }
        descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(path, String(cString: strerror(errno))) }
    }

    deinit {
        close(descriptor)
        // Nothing is there under this name when the backup was kept.
        unlink(draft)
    }

    /// Adds a file to the archive.
    func add(_ name: String, _ content: [UInt8]) throws(BackupError) -> BackupManifest.Part {
        let header = TarHeader(name: name, size: content.count)
        try write(header.bytes)
        try write(content)
        try write([UInt8](repeating: 0, count: header.padding))
        return BackupManifest.Part(
            name: name, bytes: content.count, sha256: SHA256.hash(data: content).hexadecimal)
    }

    /// Ends the archive, reads it again as whoever restores it will, and only then gives it its name: what cannot be read
    /// takes the place of nothing.
    func keep(overwriting: Bool) throws -> BackupFile {
        try end()
        let backup = try BackupFile(draft, calling: path)
        try name(overwriting)
        syncFolder()
        return backup
    }

    /// Writes what stands at the end of an archive.
    private func end() throws(BackupError) {
        try write([UInt8](repeating: 0, count: 2 * TarHeader.block))
        guard fsync(descriptor) == 0 else { throw problem }
    }

    private func name(_ overwriting: Bool) throws(BackupError) {
        if !overwriting {
            // Unlike a rename, a link never takes the place of a file that came meanwhile.
            if link(draft, path) == 0 { return }
            guard errno != EEXIST else { throw .exists(path) }
            // Some file systems know no links: the place is taken by an empty file, if nobody was faster.
            let place = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard place >= 0 else { throw errno == EEXIST ? .exists(path) : problem }
            close(place)
        }
        guard rename(draft, path) == 0 else { throw problem }
    }

    private func syncFolder() {
        let directory = open(
            path.words(at: "/").count > 1 ? Self.directory(of: path) : "/", O_RDONLY | O_CLOEXEC)
        guard directory >= 0 else { return }
        fsync(directory)
        close(directory)
    }

    private static func directory(of path: String) -> String {
        path.unicodeScalars.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    private var problem: BackupError { .unusable(path, String(cString: strerror(errno))) }

    private func write(_ bytes: [UInt8]) throws(BackupError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw problem }
            rest = rest.dropFirst(count)
        }
    }
}
