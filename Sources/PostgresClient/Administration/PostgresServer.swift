import Diagnostics

/// The administration of one server, through a pool of connections to its maintenance database.
///
/// Names are quoted here and checked: PostgreSQL silently cuts names after 63 bytes, so that two long names could come to
/// mean one database; such names are refused. Every operation but creation and renaming may be repeated.
public struct PostgresServer: Sendable {
    /// The connections the administration uses; their database is the maintenance database, `postgres` as a rule.
    public let pool: PostgresPool
    let clock: any Clock<Duration>

    /// Administers the server to which `pool` connects.
    public init(pool: PostgresPool, clock: any Clock<Duration> = ContinuousClock()) {
        self.pool = pool
        self.clock = clock
    }

    /// The oldest version that is known to work, as one number.
    public static let oldestVersion = 150_000

    /// The longest name in bytes.
    public static let longestName = 63

    /// The server's version as one number, such as 150020 for 15.20.
    public func version() async throws -> Int {
        try await pool.query("SHOW server_version_num").single().int(0)
    }

    /// What the pool's own role may do.
    public func privileges() async throws -> PostgresPrivileges {
        let row = try await pool.query(
            """
            SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolinherit,
                pg_has_role(oid, 'pg_signal_backend', 'USAGE') AS signals
            FROM pg_roles WHERE rolname = current_user
            """, deadline: .seconds(10)
        ).single()
        return PostgresPrivileges(
            role: try row.string("rolname"), isSuperuser: try row.bool("rolsuper"),
            mayCreateDatabases: try row.bool("rolcreatedb"), mayCreateRoles: try row.bool("rolcreaterole"),
            maySignal: try row.bool("signals"), inherits: try row.bool("rolinherit"))
    }

    /// Runs a statement of the kind that takes no parameters.
    func run(_ statement: String) async throws {
        try await pool.withConnection { _ = try await $0.execute(statement) }
    }

    /// A quoted name; refuses what PostgreSQL would cut.
    static func name(_ name: String) throws -> String {
        guard name.utf8.count <= longestName else {
            throw PostgresError(
                .invalidArgument,
                "a name must not be longer than \(longestName) bytes; this one has \(name.utf8.count)",
                detail: name)
        }
        return try SQL.identifier(name)
    }

    /// The name of a setting: words of letters, digits and `_`, separated by dots.
    static func settingName(_ name: String) throws -> String {
        try name.parts(at: ".").map { try SQL.identifier(String($0)) }
            .joined(separator: ".")
    }
}

/// What a role may do on a server.
public struct PostgresPrivileges: Sendable, Hashable {
    /// The role's name.
    public let role: String
    /// Whether nothing is refused to it.
    public let isSuperuser: Bool
    /// Whether it has `CREATEDB`.
    public let mayCreateDatabases: Bool
    /// Whether it has `CREATEROLE`.
    public let mayCreateRoles: Bool
    /// Whether it may end sessions of others that are no superusers, as it is: being a member of `pg_signal_backend` is not
    /// enough for a role that does not inherit.
    public let maySignal: Bool
    /// Whether it has the rights of roles that it becomes a member of.
    public let inherits: Bool

    /// Makes privileges.
    public init(
        role: String, isSuperuser: Bool = false, mayCreateDatabases: Bool, mayCreateRoles: Bool, maySignal: Bool,
        inherits: Bool = true
    ) {
        self.role = role
        self.isSuperuser = isSuperuser
        self.mayCreateDatabases = mayCreateDatabases
        self.mayCreateRoles = mayCreateRoles
        self.maySignal = maySignal
        self.inherits = inherits
    }
}
