import PostgresClient
import StateStore
import StateStoreSupport
import TestSupport
import Testing

@Suite("The schema")
struct MigrationTests {
    @Test("Several replicas may deploy it at once, and again: it is deployed once")
    func concurrently() async throws {
        try await TestPostgres.shared().withDatabase { configuration in
            let pool = PostgresPool(configuration: configuration, size: 4)
            let store = StateStore(pool: pool)
            try await withThrowingTaskGroup { group in
                for _ in 0..<4 { group.addTask { try await store.migrate() } }
                try await group.waitForAll()
            }
            try await store.migrate()
            #expect(try await store.queue.census().isEmpty)
            await pool.close()
        }
    }

    @Test("It is deployed as a changelog, with its books beside it and nothing outside its own schema")
    func books() async throws {
        try await withStore { store in
            let rows = try await store.pool.query(
                "SELECT id, author, exectype FROM sluice.databasechangelog ORDER BY orderexecuted")
            #expect(try rows.prefix(4).map { try $0.string("id") } == ["1", "2", "3", "4"])
            #expect(try rows.allSatisfy { try $0.string("exectype") == "EXECUTED" })
            let strangers = try await store.pool.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            #expect(strangers.isEmpty)
        }
    }
}
