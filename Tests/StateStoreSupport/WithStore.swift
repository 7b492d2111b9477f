import PostgresClient
public import StateStore
public import TestSupport

/// Calls `body` with a store in a database of its own, and takes both down.
///
/// - Parameters:
///   - postgres: The server of the database; nil for the one that all tests share.
///   - connections: How many connections the store has.
public func withStore<Result: Sendable>(
    on postgres: TestPostgres? = nil, connections: Int = 12, _ body: (StateStore) async throws -> Result
) async throws -> Result {
    // A copy of a database that has the schema already is made in a fraction of the time.
    let (server, template) =
        if let postgres { (postgres, "template1") } else { (try await TestPostgres.shared(), try await Template.name) }
    return try await server.withDatabase(template: template) { configuration in
        let pool = PostgresPool(configuration: configuration, size: connections, acquireTimeout: .seconds(600))
        let result: Swift.Result<Result, any Error>
        do {
            let store = StateStore(pool: pool)
            if postgres == nil { try await pool.query(Template.becomeAnother) } else { try await store.migrate() }
            result = .success(try await body(store))
        } catch { result = .failure(error) }
        await pool.close()
        return try result.get()
    }
}

/// The database that stores of tests are copied from.
private enum Template {
    /// An installation has its name for good, and copies have the same: each test is another installation.
    static let becomeAnother = "UPDATE sluice.installation SET id = gen_random_uuid()::text"

    /// Its name; it is made when the first test asks, and goes with the server.
    static var name: String { get async throws { try await making.value } }

    private static let making = Task {
        let (postgres, name) = (try await TestPostgres.shared(), "state_template")
        try await postgres.server.createDatabase(name)
        let pool = PostgresPool(configuration: postgres.configuration.with(database: name), size: 1)
        let result: Swift.Result<Void, any Error>
        do { result = .success(try await StateStore(pool: pool).migrate()) } catch { result = .failure(error) }
        await pool.close()
        try result.get()
        return name
    }
}
