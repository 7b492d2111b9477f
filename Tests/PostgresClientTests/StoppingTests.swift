import Diagnostics
import PostgresClient
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct StoppingTests {
    /// Waits until a session waits for the lock that nobody will give it.
    private func untilBlocked(_ session: PostgresConnection, seenBy observer: PostgresConnection) async throws {
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'advisory'"
        while try await observer.query(sql, [session.processID]).single().int(0) == 0 { await Task.yield() }
    }

    /// Two sessions; the first holds the advisory lock that ``wait`` waits for.
    private func withBlockedPair(
        _ body: (_ observer: PostgresConnection, _ victim: PostgresConnection) async throws -> Void
    ) async throws {
        try await withDatabase { configuration in
            let observer = try await PostgresConnection.open(configuration)
            let victim = try await PostgresConnection.open(configuration)
            try await observer.execute("SELECT pg_advisory_lock(1)")
            try await body(observer, victim)
            await observer.close()
            await victim.close()
        }
    }

    private let wait = "SELECT pg_advisory_lock(1)"

    @Test("A cancelled task cancels its statement on the server, and the connection goes on")
    func cancelledTask() async throws {
        try await withBlockedPair { observer, victim in
            let task = Task { try await victim.query(wait) }
            try await untilBlocked(victim, seenBy: observer)
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await victim.query("SELECT 42").single().int(0) == 42)
        }
    }

    @Test("cancelRunningStatement stops the statement that runs, and does nothing when none does")
    func cancelledStatement() async throws {
        try await withBlockedPair { observer, victim in
            victim.cancelRunningStatement()
            let task = Task { try await victim.query(wait) }
            try await untilBlocked(victim, seenBy: observer)
            victim.cancelRunningStatement()
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.kind == .cancelled)
            #expect(error?.sluiceError.kind == .conflict)
            victim.cancelRunningStatement()
            #expect(try await victim.query("SELECT 42").single().int(0) == 42)
        }
    }

    @Test("A deadline stops the statement, and the connection goes on")
    func deadline() async throws {
        try await withBlockedPair { _, victim in
            let error = await #expect(throws: PostgresError.self) {
                try await victim.query(wait, deadline: .milliseconds(50))
            }
            #expect(error?.kind == .timeout)
            #expect(victim.isUsable)
            let answer = try await victim.query("SELECT 42").single().int(0)
            #expect(answer == 42)
        }
    }

    @Test("A deadline in a transaction fails the transaction and leaves the session in order")
    func deadlineInTransaction() async throws {
        try await withBlockedPair { _, victim in
            await #expect(throws: PostgresError.self) {
                try await victim.transaction { try await $0.query(wait, deadline: .milliseconds(50)) }
            }
            #expect(await victim.transactionStatus == .idle)
        }
    }

    @Test("A statement that swallows its cancel costs the connection, and the caller gets its timeout")
    func stubbornStatement() async throws {
        try await withDatabase { configuration in
            var hasty = configuration
            hasty.cancelGrace = .milliseconds(200)
            let connection = try await PostgresConnection.open(hasty)
            // A cancel that comes before the server is in the loop ends the statement. How long it takes to get there decides
            // nothing: the next one comes later.
            var deadline = Duration.milliseconds(100)
            repeat {
                let limit = deadline
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.execute(
                        """
                        DO $$ BEGIN
                            LOOP BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP;
                        END $$
                        """, deadline: limit)
                }
                #expect(error?.kind == .timeout)
                deadline *= 2
            } while connection.isUsable
            let next = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
            #expect(next?.kind == .connectionLost)
        }
    }

    @Test("Whenever a cancel comes, the answer is right or the cancellation, and the next statement is unharmed")
    func races() async throws {
        try await withConnection { connection in
            for round in 0..<300 {
                let task = Task { try await connection.query("SELECT $1::int", [round]).single().int(0) }
                for _ in 0..<(round % 7) { await Task.yield() }
                task.cancel()
                do {
                    #expect(try await task.value == round)
                } catch {
                    #expect(error is CancellationError)
                }
                let answer = try await connection.query("SELECT $1::int", [-round]).single().int(0)
                #expect(answer == -round)
            }
        }
    }

    @Test("A task that is cancelled while it waits for the connection sends nothing")
    func cancelledInLine() async throws {
        try await withBlockedPair { observer, victim in
            try await observer.execute("CREATE TABLE t (a int)")
            let first = Task { try await victim.query(wait) }
            try await untilBlocked(victim, seenBy: observer)
            let second = Task { try await victim.query("INSERT INTO t VALUES (1)") }
            second.cancel()
            try await observer.execute("SELECT pg_advisory_unlock(1)")
            _ = try await first.value
            await #expect(throws: CancellationError.self) { try await second.value }
            #expect(try await observer.query("SELECT count(*) FROM t").single().int(0) == 0)
        }
    }

    @Test("Closing ends the statement that runs")
    func closing() async throws {
        try await withBlockedPair { observer, victim in
            let task = Task { try await victim.query(wait) }
            try await untilBlocked(victim, seenBy: observer)
            await victim.close()
            await #expect(throws: PostgresError.self) { try await task.value }
            #expect(!victim.isUsable)
            await victim.close()
        }
    }

    @Test("A session that the server ends is lost, by the server's own words")
    func killed() async throws {
        try await withBlockedPair { observer, victim in
            let task = Task { try await victim.query(wait) }
            try await untilBlocked(victim, seenBy: observer)
            try await observer.query("SELECT pg_terminate_backend($1)", [victim.processID])
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.kind == .connectionLost)
            #expect(error?.sqlState == "57P01")
            #expect(error?.sluiceError.kind == .transient)
            #expect(!victim.isUsable)
            #expect(await victim.transactionStatus == .unknown)
        }
    }

    @Test("An open connection is given up by a cancelled task, with nobody listening at the other end")
    func cancelledLogin() async throws {
        try await withSilentServer { port in
            let configuration = PostgresConfiguration(host: "127.0.0.1", port: port, user: "x", database: "x")
            let task = Task { try await PostgresConnection.open(configuration) }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            var hasty = configuration
            hasty.connectTimeout = .milliseconds(50)
            let error = await #expect(throws: PostgresError.self) { try await PostgresConnection.open(hasty) }
            #expect(error?.kind == .connect)
        }
    }
}
