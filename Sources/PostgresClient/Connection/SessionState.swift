import Glibc
import NIOConcurrencyHelpers

/// What threads other than the connection's own may know of a session, and do to it.
final class SessionState: Sendable {
    /// What the session is busy with for longer than one call. Each may be followed by `ready` and by `closed` only,
    /// and `closed` is the end.
    enum Mode {
        case ready
        case copying
        case listening
        case closed
    }

    private struct Values {
        var mode = Mode.ready
        var isInTransaction = false
        var request: StatementRequest?
    }

    let wake: WakePipe
    private let values = NIOLockedValueBox(Values())

    /// The connection's socket; it stays the same as long as the session is not closed.
    let socket: Int32

    init(wake: WakePipe, socket: Int32) {
        self.wake = wake
        self.socket = socket
    }

    /// Whether the session stands and had no transaction open after its latest statement.
    var isIdle: Bool { values.withLockedValue { $0.mode == .ready && $0.request == nil && !$0.isInTransaction } }

    /// Whether the server has sent something that nobody asked for: a notice, or its farewell.
    var hasUnreadInput: Bool {
        var descriptor = pollfd(fd: socket, events: Int16(truncatingIfNeeded: POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) != 0
    }

    var mode: Mode { values.withLockedValue(\.mode) }

    /// Enters a mode; a closed session stays closed.
    func enter(_ mode: Mode) {
        values.withLockedValue { if $0.mode != .closed { $0.mode = mode } }
    }

    /// Says which request the connection's thread works on.
    func begin(_ request: StatementRequest) { values.withLockedValue { $0.request = request } }

    /// Says that the thread is done with the request, and how it left the session.
    func end(inTransaction: Bool) {
        values.withLockedValue {
            $0.request = nil
            $0.isInTransaction = inTransaction
        }
    }

    /// Stops the present request, if there is one.
    func stopPresentRequest(_ reason: StatementRequest.StopReason) {
        guard let request = values.withLockedValue(\.request) else { return }
        request.stop(reason)
        wake.signal()
    }

    /// Throws unless a new statement may be sent.
    func requireReady() throws {
        switch mode {
        case .ready: return
        case .copying: throw PostgresError(.protocolViolation, "the connection is in the middle of a COPY")
        case .listening: throw PostgresError(.protocolViolation, "the connection is listening for notifications")
        case .closed: throw PostgresError(.connectionLost, "the connection to PostgreSQL is closed")
        }
    }
}
