import PostgresClient
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct TransactionTests {
    private struct Refusal: Error {}

    private func rows(_ connection: PostgresConnection) async throws -> Int {
        try await connection.query("SELECT count(*) FROM t").single().int(0)
    }

    private func withTable(_ body: (PostgresConnection) async throws -> Void) async throws {
        try await withConnection { connection in
            try await connection.execute("CREATE TABLE t (a int)")
            try await body(connection)
        }
    }

    @Test("A transaction whose body returns is committed")
    func commit() async throws {
        try await withTable { connection in
            let result = try await connection.transaction { connection in
                #expect(await connection.transactionStatus == .inTransaction)
                try await connection.query("INSERT INTO t VALUES (1)")
                return "done"
            }
            #expect(result == "done")
            #expect(await connection.transactionStatus == .idle)
            #expect(try await rows(connection) == 1)
        }
    }

    @Test("A transaction whose body throws is rolled back, and the error is the body's")
    func rollback() async throws {
        try await withTable { connection in
            await #expect(throws: Refusal.self) {
                try await connection.transaction { connection in
                    try await connection.query("INSERT INTO t VALUES (1)")
                    throw Refusal()
                }
            }
            #expect(await connection.transactionStatus == .idle)
            let answer = try await rows(connection)
            #expect(answer == 0)
        }
    }

    @Test("A transaction whose task is cancelled is rolled back on the server")
    func cancelled() async throws {
        try await withTable { connection in
            let (started, signal) = AsyncStream<Void>.makeStream()
            let task = Task {
                try await connection.transaction { connection in
                    try await connection.query("INSERT INTO t VALUES (1)")
                    signal.finish()
                    while !Task.isCancelled { await Task.yield() }
                }
            }
            for await _ in started {}
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(await connection.transactionStatus == .idle)
            let answer = try await rows(connection)
            #expect(answer == 0)
        }
    }

    @Test("A body that hides a failed statement does not pass for committed")
    func hiddenFailure() async throws {
        try await withTable { connection in
            let error = await #expect(throws: PostgresError.self) {
                try await connection.transaction { connection in
                    try await connection.query("INSERT INTO t VALUES (1)")
                    _ = try? await connection.query("SELECT 1/0")
                    #expect(await connection.transactionStatus == .inFailedTransaction)
                }
            }
            #expect(error?.kind == .protocolViolation)
            let answer = try await rows(connection)
            #expect(answer == 0)
        }
    }

    @Test("A deferred constraint that fails at the commit is the commit's error")
    func deferredConstraint() async throws {
        try await withTable { connection in
            try await connection.execute("ALTER TABLE t ADD UNIQUE (a) DEFERRABLE INITIALLY DEFERRED")
            let error = await #expect(throws: PostgresError.self) {
                try await connection.transaction { try await $0.query("INSERT INTO t VALUES (1), (1)") }
            }
            #expect(error?.sqlState == "23505")
            #expect(await connection.transactionStatus == .idle)
        }
    }

    @Test("A read-only transaction refuses to write")
    func readOnly() async throws {
        try await withTable { connection in
            let error = await #expect(throws: PostgresError.self) {
                try await connection.transaction(.init(isolation: .serializable, isReadOnly: true)) {
                    try await $0.query("INSERT INTO t VALUES (1)")
                }
            }
            #expect(error?.sqlState == "25006")
        }
    }
}
