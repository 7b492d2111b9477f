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
        var request: StatementRequest?
    }

    let wake: WakePipe
    private let values = NIOLockedValueBox(Values())

    init(wake: WakePipe) { self.wake = wake }

    var mode: Mode { values.withLockedValue(\.mode) }

    /// Enters a mode; a closed session stays closed.
    func enter(_ mode: Mode) {
        values.withLockedValue { if $0.mode != .closed { $0.mode = mode } }
    }

    /// Says which request the connection's thread works on.
    func begin(_ request: StatementRequest) { values.withLockedValue { $0.request = request } }

    /// Says that the thread is done with the request.
    func end() { values.withLockedValue { $0.request = nil } }

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
