import CLibpq
import ThreadExecution

/// One session on a PostgreSQL server.
///
/// `PostgresClient` is libpq made async: connections, pools, parameters, scripts, COPY, LISTEN, cancellation and
/// deadlines, and on top of them the administration of a server. It knows nothing of registries, changelogs or
/// candidates, and it holds no policy: what may be run, where and for how long is decided above.
///
/// Each connection has a thread of its own and blocks only that one. Its methods may be called from anywhere; requests
/// of several tasks are carried out one after another, so share a connection only when their order does not matter,
/// and otherwise lease one from a ``PostgresPool``.
///
/// A statement whose task is cancelled is cancelled on the server, and the caller gets `CancellationError`. A statement
/// whose deadline passes is cancelled likewise and the caller gets a ``PostgresError`` of kind `timeout`. A server that
/// does not acknowledge the cancel within ``PostgresConfiguration/cancelGrace`` loses the connection, and ``isUsable`` turns false.
public actor PostgresConnection {
    private let executor: ThreadExecutor
    // Touched on the executor's thread only, and in deinit, when nobody else can.
    private nonisolated(unsafe) var handle: OpaquePointer?
    /// The exchange of a COPY that takes several calls.
    private var openExchange: Exchange?
    nonisolated let session: SessionState
    nonisolated let noticeLog: NoticeLog

    /// The server's process that serves this session; what `pg_terminate_backend` takes.
    public nonisolated let processID: Int32
    /// How the session was opened: with it, another one is opened beside.
    public nonisolated let configuration: PostgresConfiguration

    /// The connection's own thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens a session.
    ///
    /// - Throws: ``PostgresError`` of kind `connect`, with libpq's words as its `detail`; `CancellationError`.
    public static func open(_ configuration: PostgresConfiguration) async throws -> PostgresConnection {
        let executor = ThreadExecutor(name: "postgres \(configuration.safeDescription)")
        do {
            let login = try await Connector(executor: executor, wake: WakePipe()).logIn(configuration)
            return PostgresConnection(login, executor: executor, configuration)
        } catch {
            executor.stop()
            throw error
        }
    }

    private init(_ login: Connector.Login, executor: ThreadExecutor, _ configuration: PostgresConfiguration) {
        self.executor = executor
        self.configuration = configuration
        handle = login.handle
        session = SessionState(wake: login.wake, socket: PQsocket(login.handle))
        noticeLog = login.noticeLog
        processID = PQbackendPID(login.handle)
    }

    deinit {
        if let handle { PQfinish(handle) }
        executor.stop()
    }

    /// Where the session is, as it may be shown in logs.
    public nonisolated var safeDescription: String { configuration.safeDescription }

    /// Whether the session still stands, as far as is known without asking the server.
    public nonisolated var isUsable: Bool { session.mode != .closed }

    /// Closes the session; a statement that runs is cancelled. May be called twice.
    public nonisolated func close() async {
        session.stopPresentRequest(.statementCancelled)
        await drop()
    }

    /// Carries out work on the connection's own thread: its statements follow each other without a change of threads, which
    /// costs more than a small statement does. The work may block; others who use the connection come in between at its
    /// suspension points only.
    public func occupied<Result: Sendable>(by work: () async throws -> Result) async rethrows -> Result {
        try await work()
    }

    /// Stops the statement that runs at this moment; its caller gets a ``PostgresError`` of kind `cancelled`.
    ///
    /// It returns at once and never stops a later statement. Without a running statement it does nothing.
    public nonisolated func cancelRunningStatement() { session.stopPresentRequest(.statementCancelled) }
}

extension PostgresConnection {
    /// Carries out one request on the connection's thread.
    nonisolated func perform<Result: Sendable>(
        deadline: Duration?, _ body: @Sendable (Exchange) throws -> Result
    ) async throws -> Result {
        try session.requireReady()
        let request = StatementRequest()
        let limit = deadline.map { ContinuousClock.now + $0 }
        return try await stoppable(request) { try await self.run(request, until: limit, body) }
    }

    /// Runs `body`; when its task is cancelled, `request` is stopped.
    nonisolated func stoppable<Result: Sendable>(
        _ request: StatementRequest, _ body: () async throws -> Result
    ) async throws -> Result {
        try await withTaskCancellationHandler(operation: body) {
            request.stop(.taskCancelled)
            session.wake.signal()
        }
    }

    private func run<Result: Sendable>(
        _ request: StatementRequest, until limit: ContinuousClock.Instant?,
        _ body: @Sendable (Exchange) throws -> Result
    ) throws -> Result {
        try session.requireReady()
        let exchange = try begin(request, until: limit)
        defer { end(exchange) }
        return try body(exchange)
    }

    private func begin(_ request: StatementRequest, until limit: ContinuousClock.Instant?) throws -> Exchange {
        guard let handle else { throw PostgresError(.connectionLost, "the connection to PostgreSQL is closed") }
        let exchange = Exchange(
            connection: handle, request: request, wake: session.wake, cancelGrace: configuration.cancelGrace,
            deadline: limit)
        try exchange.checkStop()
        session.begin(request)
        return exchange
    }

    private func end(_ exchange: Exchange) {
        exchange.settle()
        session.end(inTransaction: PQtransactionStatus(exchange.connection) != PQTRANS_IDLE)
        if exchange.mustDrop { drop() }
    }

    func drop() {
        session.enter(.closed)
        openExchange = nil
        if let handle { PQfinish(handle) }
        handle = nil
    }

    /// Begins an exchange that lasts for several calls of ``continueExchange(_:)``, until ``endExchange()``.
    func beginExchange(
        _ request: StatementRequest, as mode: SessionState.Mode, until limit: ContinuousClock.Instant?
    ) throws -> Exchange {
        try session.requireReady()
        let exchange = try begin(request, until: limit)
        session.enter(mode)
        openExchange = exchange
        return exchange
    }

    /// Goes on with the exchange that was begun.
    func continueExchange<Result>(_ body: (Exchange) throws -> Result) throws -> Result {
        guard let openExchange else { throw PostgresError(.connectionLost, "the connection to PostgreSQL is closed") }
        return try body(openExchange)
    }

    /// Ends the exchange that was begun.
    func endExchange() {
        guard let openExchange else { return }
        self.openExchange = nil
        session.enter(.ready)
        end(openExchange)
    }

    /// The libpq connection, for what needs no exchange.
    func withHandle<Result>(_ body: (OpaquePointer) throws -> Result) throws -> Result {
        guard let handle else { throw PostgresError(.connectionLost, "the connection to PostgreSQL is closed") }
        return try body(handle)
    }
}
