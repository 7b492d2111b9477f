import CLibpq
import Glibc

/// One exchange with the server, from the first byte sent to the last result read, on the connection's thread.
///
/// It waits, watches the deadline and the request's wish to stop, has the statement cancelled then, and gives the
/// server a grace time to acknowledge. Whatever happens, it either leaves the connection ready or says ``mustDrop``.
final class Exchange {
    let connection: OpaquePointer
    private let request: StatementRequest
    let wake: WakePipe
    private let cancelGrace: Duration
    private var limit: ContinuousClock.Instant?
    private var cancelRequest: CancelRequest?
    private var stopReason: StatementRequest.StopReason?
    /// When the server is asked once more to cancel.
    private var nextCancel: ContinuousClock.Instant?

    /// Whether the connection is no longer of use.
    private(set) var mustDrop = false

    init(
        connection: OpaquePointer, request: StatementRequest, wake: WakePipe, cancelGrace: Duration,
        deadline: ContinuousClock.Instant?
    ) {
        self.connection = connection
        self.request = request
        self.wake = wake
        self.cancelGrace = cancelGrace
        limit = deadline
    }

    /// Throws when the request is to stop before anything was sent.
    func checkStop() throws {
        if let reason = presentStopReason { throw reason.error }
    }

    /// Why the exchange has been stopped, or is to be.
    private var presentStopReason: StatementRequest.StopReason? {
        if let stopReason { return stopReason }
        if let reason = request.stopReason { return reason }
        if let limit, ContinuousClock.now >= limit { return .deadline }
        return nil
    }

    // MARK: Sending

    /// Notes that libpq took a command, and sends it.
    func send(_ accepted: Int32) throws {
        guard accepted == 1 else { throw refused() }
        try flush()
    }

    /// Sends what libpq has buffered; reads meanwhile, or both sides could wait for each other for ever.
    func flush() throws {
        while true {
            let status = PQflush(connection)
            if status == 0 { return }
            guard status > 0 else { throw lost() }
            try wait(for: POLLIN | POLLOUT)
            guard PQconsumeInput(connection) == 1 else { throw lost() }
        }
    }

    // MARK: Receiving

    /// The next result, which the caller must clear; nil when the exchange has no more.
    func nextResult() throws -> OpaquePointer? {
        while PQisBusy(connection) == 1 {
            try wait(for: POLLIN)
            guard PQconsumeInput(connection) == 1 else {
                // The server may have said why before it went: that is the next result.
                drop()
                break
            }
        }
        return PQgetResult(connection)
    }

    /// Waits for the socket; carries out the wish to stop as soon as there is one.
    func wait(for events: Int32) throws {
        while true {
            if stopReason == nil, let reason = presentStopReason { cancelStatement(reason) }
            let readiness: WakePipe.Readiness
            do {
                readiness = try wake.poll(
                    socket: PQsocket(connection), events: events, until: [limit, nextCancel].compactMap(\.self).min())
            } catch {
                mustDrop = true
                throw error
            }
            switch readiness {
            case .socket: return
            case .signal: continue
            case .timeLimit:
                guard let stopReason else { continue }
                if let limit, ContinuousClock.now < limit {
                    sendCancel()
                    continue
                }
                mustDrop = true
                throw stopReason.error
            }
        }
    }

    /// Has the server cancel the statement; from now on the time limit is the end of the grace time.
    func cancelStatement(_ reason: StatementRequest.StopReason) {
        guard stopReason == nil else { return }
        stopReason = reason
        limit = ContinuousClock.now + cancelGrace
        sendCancel()
    }

    /// Asks the server to cancel, and again after a while: it forgets a request that comes before it has begun with the
    /// statement. One request at a time: ``settle()`` has one to wait for.
    private func sendCancel() {
        nextCancel = ContinuousClock.now + cancelGrace / 10
        guard cancelRequest?.isDone != false else { return }
        cancelRequest = CancelRequest(for: connection, wake: wake)
    }

    // MARK: The end

    /// Waits until a cancel that is under way can no longer hit the next statement, and makes sure the session is idle.
    func settle() {
        while !mustDrop, let cancelRequest, !cancelRequest.isDone {
            // Signals come through the pipe; the socket is not asked for anything.
            let readiness = try? wake.poll(socket: -1, events: 0, until: limit)
            if readiness == nil || readiness == .timeLimit { mustDrop = true }
        }
        if PQstatus(connection) != CONNECTION_OK || PQtransactionStatus(connection) == PQTRANS_ACTIVE {
            mustDrop = true
        }
        // A session that listens to itself must not fill this process's memory.
        while let notification = PQnotifies(connection) { PQfreemem(notification) }
    }

    /// The error the caller gets for a statement that failed: the reason it was stopped, when that is why it failed.
    func failure(_ error: PostgresError) -> any Error {
        guard let stopReason, error.sqlState == "57014" || error.kind == .connectionLost else { return error }
        return stopReason.error
    }

    /// Gives the connection up.
    func drop() { mustDrop = true }

    /// The error for a command that libpq did not take.
    func refused() -> PostgresError {
        guard PQstatus(connection) == CONNECTION_OK else { return lost() }
        return PostgresError(.invalidArgument, "libpq did not take the statement", connection: connection)
    }

    /// The error for a broken connection.
    func lost() -> PostgresError {
        mustDrop = true
        return PostgresError(.connectionLost, "the connection to PostgreSQL was lost", connection: connection)
    }
}
