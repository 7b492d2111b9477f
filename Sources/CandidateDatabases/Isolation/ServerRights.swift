import Diagnostics
import PostgresClient

/// What the administrator of a server of candidates must be allowed to do there. Looked at before anything is made, so that
/// what is missing is said in words, all at once.
struct ServerRights: Hashable, Sendable {
    var role: String
    var version: String
    var versionNumber: Int
    var createsDatabases: Bool
    var createsRoles: Bool
    var signalsBackends: Bool

    /// The oldest version that is known to work.
    static let oldestVersion = 150_000

    /// What a database's owner or a superuser has to say for what is missing.
    var missing: [String] {
        var statements: [String] = []
        if !createsDatabases { statements.append("ALTER ROLE \(role) CREATEDB") }
        if !createsRoles { statements.append("ALTER ROLE \(role) CREATEROLE") }
        if !signalsBackends { statements.append("GRANT pg_signal_backend TO \(role)") }
        return statements
    }

    /// - Throws: `server.too-old`, `server.rights-missing`.
    func require() throws {
        guard versionNumber >= Self.oldestVersion else {
            throw SluiceError(
                "server.too-old", .stalled, "the server of candidates is PostgreSQL \(version); 15 or later is needed")
        }
        guard missing.isEmpty else {
            throw SluiceError(
                "server.rights-missing", .stalled, "the role \(role) lacks rights on the server of candidates",
                hint: "as a superuser, or a managed server's administrator: \(missing.joined(separator: "; "))")
        }
    }

    /// Reads them.
    static func read(_ server: PostgresServer) async throws -> ServerRights {
        let row = try await server.pool.query(
            """
            SELECT quote_ident(rolname) AS role, current_setting('server_version') AS version,
                current_setting('server_version_num')::int AS number, rolsuper OR rolcreatedb AS databases,
                rolsuper OR rolcreaterole AS roles, pg_has_role(oid, 'pg_signal_backend', 'MEMBER') AS signals
            FROM pg_roles WHERE rolname = current_user
            """
        ).single()
        return ServerRights(
            role: try row.string("role"), version: try row.string("version"), versionNumber: try row.int("number"),
            createsDatabases: try row.bool("databases"), createsRoles: try row.bool("roles"),
            signalsBackends: try row.bool("signals"))
    }
}
