import CLibpq
import Glibc

/// What `NOTIFY` sent.
public struct PostgresNotification: Sendable, Hashable {
    /// The channel.
    public let channel: String
    /// The payload; empty when none was given.
    public let payload: String
    /// The server's process that sent it.
    public let processID: Int32
}

extension PostgresConnection {
    /// How many notifications wait for a slow reader before the oldest are dropped.
    public static let notificationBuffer = 4096

    /// Listens to channels. When this returns the server has registered them: nothing that is notified afterwards is
    /// missed, so look at the state of the world after this call, not before.
    ///
    /// The connection is taken until the stream's reader ends, is cancelled, or drops the stream; then it listens to
    /// nothing and takes statements again. A reader too slow by ``notificationBuffer`` notifications loses the oldest:
    /// take them as a hint to look, not as content. The stream throws when the connection breaks.
    public nonisolated func notifications(
        on channels: [String]
    ) async throws -> AsyncThrowingStream<PostgresNotification, any Error> {
        let listen = try channels.map { "LISTEN \(try SQL.identifier($0))" }.joined(separator: ";")
        let request = StatementRequest()
        try await stoppable(request) { try await beginListening(listen, request) }
        return AsyncThrowingStream(bufferingPolicy: .bufferingNewest(Self.notificationBuffer)) { continuation in
            continuation.onTermination = { [session] _ in
                request.stop(.statementCancelled)
                session.wake.signal()
            }
            Task { await self.listen(request, continuation) }
        }
    }

    private func beginListening(_ sql: String, _ request: StatementRequest) throws {
        let exchange = try beginExchange(request, as: .listening, until: nil)
        do {
            try exchange.send(PQsendQuery(exchange.connection, sql))
            _ = try exchange.result()
        } catch {
            endExchange()
            throw error
        }
    }

    /// Parks the connection's thread until the reader goes away.
    private func listen(
        _ request: StatementRequest, _ continuation: AsyncThrowingStream<PostgresNotification, any Error>.Continuation
    ) {
        do {
            try continueExchange { exchange in
                while request.stopReason == nil {
                    while let notification = PQnotifies(exchange.connection) {
                        continuation.yield(PostgresNotification(notification))
                        PQfreemem(notification)
                    }
                    try exchange.waitForInput()
                }
            }
            endExchange()
            try stopListening()
            continuation.finish()
        } catch {
            endExchange()
            // Whoever stopped the stream or closed the connection knows that it ends.
            continuation.finish(throwing: request.stopReason == nil ? error : nil)
        }
    }

    /// Under a request of its own: the one that listened has been stopped, and would take this statement with it.
    private func stopListening() throws {
        let exchange = try beginExchange(StatementRequest(), as: .copying, until: ContinuousClock.now + .seconds(5))
        defer { endExchange() }
        try exchange.send(PQsendQuery(exchange.connection, "UNLISTEN *"))
        _ = try exchange.result()
    }
}

extension Exchange {
    /// Waits for anything from the server, or for a signal, without a statement that could be cancelled.
    fileprivate func waitForInput() throws {
        guard try wake.poll(socket: PQsocket(connection), events: POLLIN, until: nil) == .socket else { return }
        guard PQconsumeInput(connection) == 1 else { throw lost() }
    }
}

extension PostgresNotification {
    fileprivate init(_ notification: UnsafeMutablePointer<PGnotify>) {
        channel = String(cString: notification.pointee.relname)
        payload = String(cString: notification.pointee.extra)
        processID = notification.pointee.be_pid
    }
}
