import CLibpq
import Glibc
import ThreadExecution

/// Logs in: what happens on a connection's thread before there is a connection.
actor Connector {
    /// A session that has just been opened; whoever takes it owns the handle.
    struct Login: @unchecked Sendable {
        let handle: OpaquePointer
        let wake: WakePipe
        let noticeLog: NoticeLog
    }

    private let executor: ThreadExecutor
    private nonisolated let wake: WakePipe

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(executor: ThreadExecutor, wake: WakePipe) {
        self.executor = executor
        self.wake = wake
    }

    nonisolated func logIn(_ configuration: PostgresConfiguration) async throws -> Login {
        let request = StatementRequest()
        return try await withTaskCancellationHandler {
            try await self.run(configuration, request)
        } onCancel: {
            request.stop(.taskCancelled)
            wake.signal()
        }
    }

    private func run(_ configuration: PostgresConfiguration, _ request: StatementRequest) throws -> Login {
        let limit = ContinuousClock.now + configuration.connectTimeout
        guard let handle = try start(configuration) else { throw PostgresError(.connect, "out of memory") }
        do {
            let noticeLog = NoticeLog()
            noticeLog.attach(to: handle)
            try finish(handle, request, until: limit)
            guard PQsetnonblocking(handle, 1) == 0 else {
                throw PostgresError(.connect, Self.failure, connection: handle)
            }
            return Login(handle: handle, wake: wake, noticeLog: noticeLog)
        } catch {
            PQfinish(handle)
            throw error
        }
    }

    private static let failure = "PostgreSQL did not accept the connection"

    private func start(_ configuration: PostgresConfiguration) throws -> OpaquePointer? {
        let options = configuration.connectionOptions()
        for text in options.values { try SQL.rejectNUL(in: text, "a connection parameter") }
        return withCStrings(Array(options.keys)) { keywords in
            withCStrings(Array(options.values)) { values in PQconnectStartParams(keywords, values, 0) }
        }
    }

    private func finish(_ handle: OpaquePointer, _ request: StatementRequest, until limit: ContinuousClock.Instant)
        throws
    {
        var next = PGRES_POLLING_WRITING
        while PQstatus(handle) != CONNECTION_BAD {
            switch next {
            case PGRES_POLLING_OK: return
            case PGRES_POLLING_FAILED: throw PostgresError(.connect, Self.failure, connection: handle)
            default: break
            }
            if let reason = request.stopReason { throw reason.error }
            // The socket may be another one after each step: libpq tries one address after another.
            let events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT
            switch try wake.poll(socket: PQsocket(handle), events: events, until: limit) {
            case .socket: next = PQconnectPoll(handle)
            case .signal: continue
            case .timeLimit: throw PostgresError(.connect, "PostgreSQL did not answer within the connect timeout")
            }
        }
        throw PostgresError(.connect, Self.failure, connection: handle)
    }
}

/// Calls `body` with a null-terminated array of C strings.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
    var bytes: [CChar] = []
    var offsets: [Int] = []
    for string in strings {
        offsets.append(bytes.count)
        bytes.append(contentsOf: string.utf8CString)
    }
    return bytes.withUnsafeBufferPointer { buffer in
        let pointers = offsets.map { offset in buffer.baseAddress.map { $0 + offset } } + [nil]
        return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
