/// What a server is like for databases in which strangers' code runs.
public struct ServerSuitability: Sendable, Hashable {
    /// Its version as one number.
    public let version: Int
    /// Its time, in seconds since 1970.
    public let time: Double
    /// What the pool's own role may do.
    public let privileges: PostgresPrivileges
    /// How many transactions may be prepared.
    public let preparedTransactions: Int
    /// How many connections there may be.
    public let connections: Int
    /// Whether the size of a session's temporary files is bounded.
    public let boundsTemporaryFiles: Bool
    /// Databases that are no templates and that everybody may connect to, by name.
    public let openDatabases: [String]
}

/// A database that others are to be cloned from.
public struct TemplateStanding: Sendable, Hashable {
    /// Whether the pool's own role may clone it.
    public let mayBeCloned: Bool
    /// How many sessions others have in it: those that do not call themselves as the pool's do.
    public let sessions: Int
}

extension PostgresServer {
    /// Looks at what the server is like. Nothing is changed.
    public func suitability() async throws -> ServerSuitability {
        let privileges = try await privileges()
        let row = try await pool.query(
            """
            SELECT current_setting('server_version_num')::int AS version,
                extract(epoch FROM clock_timestamp())::float8 AS time,
                current_setting('max_prepared_transactions')::int AS prepared,
                current_setting('max_connections')::int AS connections,
                current_setting('temp_file_limit') <> '-1' AS bounds
            """, deadline: .seconds(10)
        ).single()
        let open = try await pool.query(
            """
            SELECT datname FROM pg_database
            WHERE datallowconn AND NOT datistemplate AND has_database_privilege('public', oid, 'CONNECT') ORDER BY 1
            """, deadline: .seconds(10)
        ).map { try $0.string("datname") }
        return ServerSuitability(
            version: try row.int("version"), time: try row.double("time"), privileges: privileges,
            preparedTransactions: try row.int("prepared"), connections: try row.int("connections"),
            boundsTemporaryFiles: try row.bool("bounds"), openDatabases: open)
    }

    /// How a database stands that others are to be cloned from; nil when there is none of that name.
    public func template(_ name: String) async throws -> TemplateStanding? {
        try await pool.query(
            """
            SELECT datistemplate OR pg_has_role(datdba, 'MEMBER') AS clonable,
                (SELECT count(*) FROM pg_stat_activity AS s WHERE s.datid = d.oid
                    AND s.backend_type = 'client backend' AND s.application_name <> current_setting('application_name')) AS sessions
            FROM pg_database AS d WHERE datname = $1
            """, [name], deadline: .seconds(10)
        ).first.map { TemplateStanding(mayBeCloned: try $0.bool("clonable"), sessions: try $0.int("sessions")) }
    }
}
