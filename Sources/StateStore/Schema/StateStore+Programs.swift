import PostgresClient

extension StateStore {
    /// The name under which programs of this version are seen in `pg_stat_activity`: others tell by it who is at work.
    public static var applicationName: String { applicationName(of: .current) }

    static func applicationName(of schema: StateSchema) -> String { "sluice state v\(schema.version)" }

    /// The programs that have connections to the database, one for each version, the oldest first.
    public func connectedPrograms() async throws -> [ConnectedProgram] {
        try await pool.withConnection { try await $0.connectedPrograms() }
    }
}

extension PostgresConnection {
    /// The programs that have connections to the state database, this session apart. Those of version 1 did not say it.
    func connectedPrograms() async throws -> [ConnectedProgram] {
        try await query(
            """
            SELECT coalesce(substring(application_name from 'v(\\d{1,9})$')::int, 1) AS version, count(*) AS connections
            FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
                AND application_name ~ '^sluice( state v\\d{1,9})?$'
            GROUP BY 1 ORDER BY 1
            """
        ).map { ConnectedProgram(version: try $0.int("version"), connections: try $0.int("connections")) }
    }
}
