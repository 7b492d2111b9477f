/// How a transaction begins.
public struct PostgresTransactionOptions: Sendable, Hashable {
    /// What the transaction sees of others.
    public enum Isolation: String, Sendable {
        /// Each statement sees what was committed before it.
        case readCommitted = "READ COMMITTED"
        /// All statements see what was committed before the first.
        case repeatableRead = "REPEATABLE READ"
        /// As if transactions ran one after another; be ready to repeat it on SQLSTATE 40001.
        case serializable = "SERIALIZABLE"
    }

    /// What the transaction sees of others.
    public var isolation: Isolation
    /// Whether it may only read.
    public var isReadOnly: Bool

    /// Read committed, reading and writing.
    public static let `default` = PostgresTransactionOptions()

    /// Makes options.
    public init(isolation: Isolation = .readCommitted, isReadOnly: Bool = false) {
        self.isolation = isolation
        self.isReadOnly = isReadOnly
    }

    var beginStatement: String { "BEGIN ISOLATION LEVEL \(isolation.rawValue)\(isReadOnly ? " READ ONLY" : "")" }
}

extension PostgresConnection {
    /// Runs `body` in a transaction: commits when it returns, rolls back when it throws or its task is cancelled.
    ///
    /// No other task may use the connection meanwhile. A connection that cannot be rolled back is closed.
    ///
    /// - Throws: what `body` throws; ``PostgresError``. A `connectionLost` out of the commit leaves it open whether the
    ///   transaction took effect.
    public nonisolated func transaction<Result: Sendable>(
        _ options: PostgresTransactionOptions = .default,
        _ body: (PostgresConnection) async throws -> Result
    ) async throws -> Result {
        try await execute(options.beginStatement)
        do {
            let result = try await body(self)
            try Task.checkCancellation()
            let commit = try await execute("COMMIT")
            // The server answers COMMIT in a failed transaction with a rollback, and calls that no error.
            guard commit.commandTag == "COMMIT" else {
                throw PostgresError(
                    .protocolViolation, "the transaction was rolled back because a statement in it had failed",
                    hint: "an error in a transaction must reach its end, or be caught around a savepoint")
            }
            return result
        } catch {
            await rollBack()
            throw error
        }
    }

    /// Rolls back whatever is open, in a task of its own: the present one may be cancelled.
    nonisolated func rollBack() async {
        guard isUsable else { return }
        await Task {
            guard await transactionStatus != .idle else { return }
            do {
                try await execute("ROLLBACK", deadline: .seconds(5))
            } catch {
                await close()
            }
        }.value
    }
}
