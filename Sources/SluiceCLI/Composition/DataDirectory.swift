import Diagnostics
import Foundation
import Glibc

/// The directory of what is the controller's own. It serves one process at a time, and remembers the last one's name, so
/// that the next can take over at once what that one left behind.
final class DataDirectory: Sendable {
    /// Its absolute path.
    let path: String
    private let lock: Int32

    /// Makes the directory when it is missing, and holds it for this process; the kernel lets go of it when the process
    /// ends, however it ends.
    ///
    /// - Throws: `data-directory.unusable`, `data-directory.in-use`.
    init(_ path: String) throws(SluiceError) {
        self.path = path
        do {
            // The private database server runs as another account when we are root: it must be able to pass through.
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        } catch {
            throw SluiceError(
                "data-directory.unusable", .stalled, "the data directory \(path) cannot be made",
                detail: String(describing: error), cause: error)
        }
        lock = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            throw SluiceError(
                "data-directory.unusable", .stalled, "the data directory \(path) cannot be written",
                detail: String(cString: strerror(errno)))
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw SluiceError(
                "data-directory.in-use", .stalled, "the data directory \(path) is in use by another controller",
                hint: "stop that one, or give this one a directory of its own")
        }
    }

    deinit { close(lock) }

    /// Notes under which name this process works, and gives the name of the one before it.
    func handOver(to worker: String) throws -> String? {
        let file = URL(filePath: "\(path)/worker")
        let former = try? String(contentsOf: file, encoding: .utf8)
        try Data(worker.utf8).write(to: file, options: .atomic)
        return former
    }
}
