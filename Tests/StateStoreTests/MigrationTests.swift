import PostgresClient
import StateStore
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
}
