import Diagnostics
import Glibc

/// Holds a data directory for this process. The kernel lets go of it when the process ends, however it ends.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    init(_ layout: ClusterLayout) throws {
        descriptor = open(layout.lockFile, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SluiceError(
                "embedded-postgres.directory-unusable", .stalled, "the data directory \(layout.root) cannot be written",
                detail: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw SluiceError(
                "embedded-postgres.directory-in-use", .stalled,
                "the data directory \(layout.root) is in use by another process",
                hint: "stop the other sluice, or give this one a data directory of its own")
        }
    }

    deinit {
        // A child that is being started at this moment still has a copy of the descriptor, which closing ours would leave
        // locked until it has become another program.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
