import CLibpq

extension PostgresConnection {
    /// Runs one statement with parameters `$1`, `$2`, …, whose types the server infers.
    ///
    /// Without parameters it may be any single statement, and goes by the simple protocol.
    ///
    /// - Parameter deadline: how long it may take, waiting for the connection included.
    /// - Throws: ``PostgresError``; `CancellationError` when the task is cancelled.
    @discardableResult
    public nonisolated func query(
        _ sql: String, _ parameters: [any PostgresParameter] = [], deadline: Duration? = nil
    ) async throws -> PostgresRows {
        guard !parameters.isEmpty else { return try await execute(sql, deadline: deadline) }
        try SQL.rejectNUL(in: sql, "a statement")
        let buffer = try ParameterBuffer(parameters.map(\.postgresValue))
        return try await perform(deadline: deadline) { exchange in
            try exchange.send(buffer.send(sql, to: exchange.connection))
            return try exchange.result()
        }
    }

    /// Runs one statement or several, separated by semicolons, by the simple protocol, and returns the last's result.
    ///
    /// Several statements without transaction control of their own are one transaction.
    ///
    /// - Parameter deadline: how long it may take, waiting for the connection included.
    /// - Throws: ``PostgresError``; `CancellationError` when the task is cancelled.
    @discardableResult
    public nonisolated func execute(_ sql: String, deadline: Duration? = nil) async throws -> PostgresRows {
        try SQL.rejectNUL(in: sql, "a statement")
        return try await perform(deadline: deadline) { exchange in
            try exchange.send(PQsendQuery(exchange.connection, sql))
            return try exchange.result()
        }
    }

    /// Where the session stands with its transaction. Waits for a statement that runs.
    public var transactionStatus: PostgresTransactionStatus {
        let status = try? withHandle { PQtransactionStatus($0) }
        switch status {
        case PQTRANS_IDLE?: return .idle
        case PQTRANS_ACTIVE?: return .active
        case PQTRANS_INTRANS?: return .inTransaction
        case PQTRANS_INERROR?: return .inFailedTransaction
        default: return .unknown
        }
    }

    /// The notices since the last call, oldest first; of very many the latest thousand.
    public nonisolated func takeNotices() -> [PostgresNotice] { noticeLog.take() }
}

/// Where a session stands with its transaction.
public enum PostgresTransactionStatus: String, Sendable, Hashable {
    /// No transaction is open.
    case idle
    /// A statement runs.
    case active
    /// A transaction is open.
    case inTransaction
    /// A transaction is open and has failed: only a rollback is accepted.
    case inFailedTransaction
    /// The session is closed or broken.
    case unknown
}
