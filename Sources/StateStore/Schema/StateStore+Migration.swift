import Changelog
import PostgresClient

extension StateStore {
    /// Brings the database to the schema of this version. Does nothing when it is there already; several replicas may
    /// call it at once.
    ///
    /// The schema is a changelog like those that Sluice deploys for others, and goes by the same way.
    public func migrate() async throws {
        let changelog = try StateSchema.prepared()
        // A connection of its own: the deployer leaves its mark on the session.
        let connection = try await PostgresConnection.open(pool.configuration)
        do {
            try await connection.transaction { connection in
                // Creating a schema "if not exists" is no protection against another who does the same at the same time.
                try await connection.query(
                    "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [StateSchema.path])
                try await connection.execute("CREATE SCHEMA IF NOT EXISTS \(StateSchema.name)")
            }
            try await Deployer(connection, options: StateSchema.options).update(changelog)
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }
}

extension StateSchema {
    fileprivate static func prepared() throws -> PreparedChangelog {
        let source = MemorySource([path: Array(changelog.utf8)])
        return try PreparedChangelog(try ChangelogReader(source: source).read(path), source: source)
    }

    fileprivate static var options: DeployerOptions {
        DeployerOptions(books: BooksLayout(schema: name), lockPoll: .milliseconds(50), owner: "sluice state store")
    }
}
