import PostgresClient

extension StateStore {
    /// Brings the database to the schema of this version. Does nothing when it is there already; several replicas may
    /// call it at once.
    public func migrate() async throws {
        try await pool.withConnection { connection in
            try await connection.transaction { connection in
                _ = try await connection.query(
                    "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [StateSchema.path])
                let rows = try await connection.query("SELECT to_regclass('sluice.events') IS NOT NULL AS there")
                guard try !rows.single().bool("there") else { return }
                try await connection.runScript(StateSchema.changelog)
            }
        }
    }
}
