import NIOConcurrencyHelpers

/// A bounded set of connections to one database, lent one at a time in the order of asking.
///
/// A connection that broke, or that comes back with a transaction open, is closed and replaced; so is one that the
/// server closed while it was idle. Session settings, advisory locks and temporary tables are not reset between loans:
/// who makes them undoes them.
public final class PostgresPool: Sendable {
    typealias Continuation = CheckedContinuation<PostgresConnection?, any Error>

    /// Where the connections lead.
    public let configuration: PostgresConfiguration
    private let acquireTimeout: Duration
    private let clock: any Clock<Duration>
    private let state: NIOLockedValueBox<PoolState<PostgresConnection, Continuation>>

    /// Makes a pool; connections are opened when they are first needed.
    ///
    /// - Parameters:
    ///   - size: the most connections at a time; at least 1.
    ///   - acquireTimeout: how long a request waits for a free connection.
    public init(
        configuration: PostgresConfiguration, size: Int, acquireTimeout: Duration = .seconds(30),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.configuration = configuration
        self.acquireTimeout = acquireTimeout
        self.clock = clock
        state = NIOLockedValueBox(PoolState(size: size))
    }

    /// Lends a connection to `body`.
    ///
    /// - Throws: what `body` throws; ``PostgresError`` of kind `timeout` when no connection became free, of kind
    ///   `connect` when none could be opened; `CancellationError`.
    public func withConnection<Result: Sendable>(
        _ body: (PostgresConnection) async throws -> Result
    ) async throws -> Result {
        let connection = try await acquire()
        do {
            let result = try await body(connection)
            await release(connection)
            return result
        } catch {
            await release(connection)
            throw error
        }
    }

    /// Runs `body` in a transaction on a connection of the pool; see ``PostgresConnection/transaction(_:_:)``.
    public func transaction<Result: Sendable>(
        _ options: PostgresTransactionOptions = .default, _ body: (PostgresConnection) async throws -> Result
    ) async throws -> Result {
        try await withConnection { try await $0.transaction(options, body) }
    }

    /// Runs one statement on a connection of the pool; see ``PostgresConnection/query(_:_:deadline:)``.
    @discardableResult
    public func query(
        _ sql: String, _ parameters: [any PostgresParameter] = [], deadline: Duration? = nil
    ) async throws -> PostgresRows {
        try await withConnection { try await $0.query(sql, parameters, deadline: deadline) }
    }

    /// Closes the idle connections now and each lent one when it comes back; requests are refused from now on.
    public func close() async {
        let (connections, waiters) = state.withLockedValue { $0.close() }
        for waiter in waiters { waiter.resume(throwing: Self.closed) }
        for connection in connections { await connection.close() }
    }

    /// How many connections are open or being opened, how many of them idle, and how many requests wait.
    public var counts: (open: Int, idle: Int, waiting: Int) { state.withLockedValue(\.counts) }

    private static let closed = PostgresError(.connectionLost, "the connection pool is closed")
}

extension PostgresPool {
    private func acquire() async throws -> PostgresConnection {
        while true {
            let connection: PostgresConnection
            if let idle = try await waitForTurn() {
                connection = idle
            } else {
                do {
                    connection = try await PostgresConnection.open(configuration)
                } catch {
                    await carryOut(state.withLockedValue { $0.giveUpRoom() })
                    throw error
                }
                return connection
            }
            // An idle session says nothing; when the server has, its thread looks what it was.
            if !connection.session.hasUnreadInput { return connection }
            if await connection.checkAlive() { return connection }
            await carryOut(state.withLockedValue { $0.giveUpRoom() })
        }
    }

    /// A connection, or nil for the right to open one.
    private func waitForTurn() async throws -> PostgresConnection? {
        try Task.checkCancellation()
        let ticket = state.withLockedValue { $0.nextTicket() }
        let timer = NIOLockedValueBox<Task<Void, Never>?>(nil)
        defer { timer.withLockedValue { $0?.cancel() } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                switch state.withLockedValue({ $0.ask(ticket, continuation) }) {
                case .use(let connection): continuation.resume(returning: connection)
                case .open: continuation.resume(returning: nil)
                case .refuse: continuation.resume(throwing: Self.closed)
                case .wait:
                    timer.withLockedValue { $0 = Task { await self.expire(ticket) } }
                    // The task may have been cancelled before it stood in line; its handler found nobody there.
                    if Task.isCancelled { abandon(ticket, CancellationError()) }
                }
            }
        } onCancel: {
            abandon(ticket, CancellationError())
        }
    }

    private func expire(_ ticket: UInt64) async {
        guard (try? await clock.sleep(for: acquireTimeout)) != nil else { return }
        abandon(ticket, PostgresError(.timeout, "no database connection became free in time"))
    }

    private func abandon(_ ticket: UInt64, _ error: any Error) {
        state.withLockedValue { $0.leave(ticket) }?.resume(throwing: error)
    }

    private func release(_ connection: PostgresConnection) async {
        if connection.session.isIdle {
            await carryOut(state.withLockedValue { $0.giveBack(connection) })
        } else {
            await connection.close()
            await carryOut(state.withLockedValue { $0.giveUpRoom() })
        }
    }

    private func carryOut(_ handover: PoolState<PostgresConnection, Continuation>.Handover) async {
        switch handover {
        case .resume(let waiter, let connection): waiter.resume(returning: connection)
        case .close(let connection): await connection.close()
        case .none: break
        }
    }
}
