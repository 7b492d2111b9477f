import PostgresClient
public import StateStore
import TestSupport

/// Calls `body` with a store in a database of its own, and takes both down.
public func withStore<Result: Sendable>(_ body: (StateStore) async throws -> Result) async throws -> Result {
    try await TestPostgres.shared().withDatabase { configuration in
        let pool = PostgresPool(configuration: configuration, size: 12)
        do {
            let store = StateStore(pool: pool)
            try await store.migrate()
            let result = try await body(store)
            await pool.close()
            return result
        } catch {
            await pool.close()
            throw error
        }
    }
}
