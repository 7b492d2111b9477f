import PostgresClient
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct PoolTests {
    private func withPool(
        size: Int, acquireTimeout: Duration = .seconds(60), _ body: (PostgresPool) async throws -> Void
    ) async throws {
        try await withDatabase { configuration in
            let pool = PostgresPool(configuration: configuration, size: size, acquireTimeout: acquireTimeout)
            try await body(pool)
            await pool.close()
        }
    }

    /// Waits until so many requests stand in line.
    private func untilWaiting(_ count: Int, _ pool: PostgresPool) async {
        while pool.counts.waiting < count { await Task.yield() }
    }

    @Test("Two hundred tasks share three connections, and none is lost")
    func sharing() async throws {
        try await withPool(size: 3) { pool in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<200 {
                    group.addTask { try await pool.query("SELECT $1::int", [number]).single().int(0) }
                }
                var seen: Set<Int> = []
                for try await number in group { seen.insert(number) }
                #expect(seen.count == 200)
            }
            #expect(pool.counts == (open: 3, idle: 3, waiting: 0))
        }
    }

    @Test("Requests are served in the order of asking")
    func order() async throws {
        try await withPool(size: 1) { pool in
            try await pool.query("CREATE TABLE served (position serial, task int)")
            let tasks = try await pool.withConnection { _ in
                var tasks: [Task<Void, any Error>] = []
                for number in 0..<10 {
                    tasks.append(Task { try await pool.query("INSERT INTO served (task) VALUES ($1)", [number]) })
                    await untilWaiting(number + 1, pool)
                }
                return tasks
            }
            for task in tasks { try await task.value }
            let order = try await pool.query("SELECT task FROM served ORDER BY position").map { try $0.int(0) }
            #expect(order == Array(0..<10))
        }
    }

    @Test("A cancelled waiter leaves the line, and the next one is served")
    func cancelledWaiter() async throws {
        try await withPool(size: 1) { pool in
            let (first, second) = try await pool.withConnection { _ in
                let first = Task { try await pool.query("SELECT 1") }
                await untilWaiting(1, pool)
                let second = Task { try await pool.query("SELECT 2").single().int(0) }
                await untilWaiting(2, pool)
                first.cancel()
                await #expect(throws: CancellationError.self) { try await first.value }
                return (first, second)
            }
            _ = first
            #expect(try await second.value == 2)
            #expect(pool.counts == (open: 1, idle: 1, waiting: 0))
        }
    }

    @Test("Waiters that are cancelled at any moment never lose a connection")
    func cancelRaces() async throws {
        try await withPool(size: 2) { pool in
            await withTaskGroup(of: Void.self) { group in
                for round in 0..<200 {
                    group.addTask {
                        let task = Task { try await pool.query("SELECT 1") }
                        for _ in 0..<(round % 11) { await Task.yield() }
                        if round.isMultiple(of: 2) { task.cancel() }
                        _ = await task.result
                    }
                }
            }
            #expect(pool.counts.waiting == 0)
            #expect(pool.counts.open == pool.counts.idle)
            let answer = try await pool.query("SELECT 1").single().int(0)
            #expect(answer == 1)
        }
    }

    @Test("A wait ends with a timeout when no connection becomes free")
    func timeout() async throws {
        try await withPool(size: 1, acquireTimeout: .milliseconds(20)) { pool in
            try await pool.withConnection { _ in
                let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
                #expect(error?.kind == .timeout)
            }
        }
    }

    @Test("A connection that the server ended while it was idle is replaced before anybody sees it")
    func idleKilled() async throws {
        try await withPool(size: 1) { pool in
            let victim = try await pool.withConnection { $0.processID }
            let server = try await TestPostgres.shared().server
            #expect(try await server.terminateSession(ofProcess: victim))
            #expect(try await pool.query("SELECT pg_backend_pid()").single().int(0) != Int(victim))
            #expect(pool.counts == (open: 1, idle: 1, waiting: 0))
        }
    }

    @Test("A connection that comes back with an open transaction is not lent again")
    func openTransaction() async throws {
        try await withPool(size: 1) { pool in
            let first = try await pool.withConnection { connection in
                try await connection.execute("BEGIN")
                return connection.processID
            }
            let second = try await pool.withConnection { $0.processID }
            #expect(second != first)
        }
    }

    @Test("When a connection cannot be opened its room is given to the next request")
    func failedOpen() async throws {
        let configuration = try await TestPostgres.shared().configuration.with(database: "no such database")
        let pool = PostgresPool(configuration: configuration, size: 1)
        for _ in 0..<3 {
            let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
            #expect(error?.kind == .connect)
        }
        #expect(pool.counts == (open: 0, idle: 0, waiting: 0))
    }

    @Test("A closed pool refuses those who wait and those who come")
    func closing() async throws {
        try await withPool(size: 1) { pool in
            try await pool.withConnection { _ in
                let waiter = Task { try await pool.query("SELECT 1") }
                await untilWaiting(1, pool)
                await pool.close()
                await #expect(throws: PostgresError.self) { try await waiter.value }
            }
            await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
            #expect(pool.counts.open == 0)
        }
    }
}
