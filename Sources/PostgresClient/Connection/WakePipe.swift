import Glibc

/// Wakes a thread that sleeps in `poll(2)`, from any other thread.
final class WakePipe: Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32

    /// - Throws: ``PostgresError`` of kind `connect` when the process has no file descriptor left.
    init() throws {
        var ends: [Int32] = [-1, -1]
        // A socket pair and not a pipe: it is born close-on-exec and non-blocking, with no moment between.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw PostgresError(
                .connect, "no file descriptor for a connection", detail: String(cString: strerror(errno)))
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Lets the present or the next ``poll(socket:events:until:)`` return at once. A full pipe wakes as well.
    func signal() {
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
    }

    /// What ended a wait.
    enum Readiness {
        case socket
        case signal
        case timeLimit
    }

    /// Waits until the socket is ready, a signal comes, or the time limit passes.
    func poll(socket: Int32, events: Int32, until limit: ContinuousClock.Instant?) throws -> Readiness {
        while true {
            var descriptors = [
                pollfd(fd: socket, events: Int16(truncatingIfNeeded: events), revents: 0),
                pollfd(fd: readEnd, events: Int16(truncatingIfNeeded: POLLIN), revents: 0),
            ]
            let count = Glibc.poll(&descriptors, 2, Self.milliseconds(until: limit))
            if count < 0 {
                guard errno == EINTR else {
                    throw PostgresError(
                        .connectionLost, "the connection to PostgreSQL was lost",
                        detail: String(cString: strerror(errno)))
                }
                continue
            }
            if descriptors[1].revents != 0 {
                drain()
                return .signal
            }
            if descriptors[0].revents != 0 { return .socket }
            if let limit, ContinuousClock.now >= limit { return .timeLimit }
        }
    }

    private func drain() {
        var buffer = [UInt8](repeating: 0, count: 64)
        while read(readEnd, &buffer, buffer.count) > 0 {}
    }

    private static func milliseconds(until limit: ContinuousClock.Instant?) -> Int32 {
        guard let limit else { return -1 }
        let left = ContinuousClock.now.duration(to: limit)
        guard left > .zero else { return 0 }
        // Rounded up, so that the last wait does not spin; long waits are taken in parts.
        let (seconds, attoseconds) = left.components
        return Int32(min(seconds, 1_000_000) * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
    }
}
