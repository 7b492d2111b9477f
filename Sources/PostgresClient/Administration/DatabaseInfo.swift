/// What a server's catalog says about one of its databases.
public struct DatabaseInfo: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// Its object id, which no later database of the same name has.
    public let oid: Int64
    /// The role that owns it.
    public let owner: String
    /// What `COMMENT ON DATABASE` said.
    public let comment: String?
    /// Whether anybody may connect at all.
    public let allowsConnections: Bool
    /// Whether it is marked as a template.
    public let isTemplate: Bool
    /// How many sessions it takes at a time; nil for no limit.
    public let connectionLimit: Int?
}

extension PostgresServer {
    private static let columns = """
        d.oid, d.datname, pg_get_userbyid(d.datdba) AS owner, shobj_description(d.oid, 'pg_database') AS comment, \
        d.datallowconn, d.datistemplate, d.datconnlimit
        """

    /// The databases whose names start with `prefix`, by name. PostgreSQL's own `template0` and `template1` are no
    /// exception.
    public func listDatabases(prefix: String = "") async throws -> [DatabaseInfo] {
        try await pool.query(
            "SELECT \(Self.columns) FROM pg_database d WHERE starts_with(d.datname, $1) ORDER BY d.datname", [prefix]
        ).map(DatabaseInfo.init)
    }

    /// One database; nil when there is none of that name.
    public func database(_ name: String) async throws -> DatabaseInfo? {
        try await pool.query("SELECT \(Self.columns) FROM pg_database d WHERE d.datname = $1", [name])
            .first.map(DatabaseInfo.init)
    }

    /// The bytes a database takes on disk; nil when there is none of that name.
    public func databaseSize(_ name: String) async throws -> Int64? {
        try await pool.query("SELECT pg_database_size(oid) FROM pg_database WHERE datname = $1", [name])
            .first?.optionalInt64(0)
    }

    /// What `COMMENT ON DATABASE` said; nil when it said nothing or there is no such database.
    public func comment(ofDatabase name: String) async throws -> String? { try await database(name)?.comment }
}

extension DatabaseInfo {
    fileprivate init(_ row: PostgresRow) throws {
        name = try row.string("datname")
        oid = try row.int64("oid")
        owner = try row.string("owner")
        comment = try row.optionalString("comment")
        allowsConnections = try row.bool("datallowconn")
        isTemplate = try row.bool("datistemplate")
        let limit = try row.int("datconnlimit")
        connectionLimit = limit < 0 ? nil : limit
    }
}
