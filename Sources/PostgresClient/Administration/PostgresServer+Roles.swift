import CLibpq
public import Diagnostics

/// What a role is and may do. The default is a role that can do nothing, not even log in.
public struct RoleAttributes: Sendable {
    /// Whether it may log in.
    public var login: Bool
    /// Its password. It travels as a SCRAM verifier that is made here: the server's log never sees it.
    public var password: Secret<String>?
    /// Whether it may create databases.
    public var createDatabase: Bool
    /// Whether it may create roles.
    public var createRole: Bool
    /// How many sessions it may have at a time; nil for no limit.
    public var connectionLimit: Int?
    /// The roles it is made a member of; memberships it has besides are left alone.
    public var memberOf: [String]
    /// What its sessions begin with; a setting that is a list takes each entry as one value.
    public var settings: [String: [String]]

    /// Makes attributes.
    public init(
        login: Bool = false, password: Secret<String>? = nil, createDatabase: Bool = false, createRole: Bool = false,
        connectionLimit: Int? = nil, memberOf: [String] = [], settings: [String: [String]] = [:]
    ) {
        self.login = login
        self.password = password
        self.createDatabase = createDatabase
        self.createRole = createRole
        self.connectionLimit = connectionLimit
        self.memberOf = memberOf
        self.settings = settings
    }

    /// Everything is said, so that an existing role loses what it should not have. What only a superuser may touch
    /// (`SUPERUSER`, `REPLICATION`, `BYPASSRLS`) is said only when `all` is true.
    fileprivate func clauses(verifier: String?, all: Bool) throws -> String {
        func clause(_ isOn: Bool, _ word: String) -> String { isOn ? word : "NO\(word)" }
        var words = [clause(login, "LOGIN"), clause(createDatabase, "CREATEDB"), clause(createRole, "CREATEROLE")]
        if all { words += ["NOSUPERUSER", "NOREPLICATION", "NOBYPASSRLS"] }
        words.append("CONNECTION LIMIT \(connectionLimit ?? -1)")
        if let verifier { words.append("PASSWORD \(try SQL.literal(verifier))") }
        return words.joined(separator: " ")
    }
}

extension PostgresServer {
    /// Whether there is a role of that name.
    public func roleExists(_ name: String) async throws -> Bool {
        try await pool.query("SELECT FROM pg_roles WHERE rolname = $1", [name]).count > 0
    }

    /// The roles whose names start with `prefix`, by name.
    public func listRoles(prefix: String) async throws -> [String] {
        try await pool.query("SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1) ORDER BY 1", [prefix])
            .map { try $0.string(0) }
    }

    /// Makes a role, or makes an existing one what `attributes` say. Never a superuser.
    public func ensureRole(_ name: String, _ attributes: RoleAttributes) async throws {
        let role = try Self.name(name)
        let isSuperuser = try await privileges().isSuperuser
        try await pool.withConnection { connection in
            let verifier = try await attributes.password.asyncMap {
                try await connection.passwordVerifier(for: name, password: $0)
            }
            let clauses = try attributes.clauses(verifier: verifier, all: isSuperuser)
            do {
                try await connection.execute("CREATE ROLE \(role) \(clauses)")
            } catch let error as PostgresError where error.hasState("42710") {
                try await connection.execute("ALTER ROLE \(role) \(clauses)")
            }
            for group in attributes.memberOf {
                try await connection.execute("GRANT \(try Self.name(group)) TO \(role)")
            }
            for (setting, values) in attributes.settings.sorted(by: { $0.key < $1.key }) {
                try await connection.execute("ALTER ROLE \(role) \(try Self.assignment(setting, values))")
            }
        }
    }

    /// Drops a role; no error when there is none. One that owns anything or has been granted anything is refused
    /// (2BP01).
    public func dropRole(_ name: String) async throws {
        try await run("DROP ROLE IF EXISTS \(try Self.name(name))")
    }

    /// Takes from everybody the right to connect to a database and to make temporary tables there, which PostgreSQL
    /// gives for every new one.
    public func revokePublicConnect(onDatabase database: String) async throws {
        try await run("REVOKE CONNECT, TEMPORARY ON DATABASE \(try Self.name(database)) FROM PUBLIC")
    }

    /// A right on a database.
    public enum DatabasePrivilege: String, Sendable, Hashable, CaseIterable {
        /// To connect.
        case connect = "CONNECT"
        /// To make schemas.
        case create = "CREATE"
        /// To make temporary tables.
        case temporary = "TEMPORARY"
    }

    /// Gives a role rights on a database.
    public func grant(_ privileges: [DatabasePrivilege], onDatabase database: String, to role: String) async throws {
        let words = privileges.map(\.rawValue).joined(separator: ", ")
        try await run("GRANT \(words) ON DATABASE \(try Self.name(database)) TO \(try Self.name(role))")
    }

    /// Gives a role the right to connect to a database.
    public func grantConnect(onDatabase database: String, to role: String) async throws {
        try await grant([.connect], onDatabase: database, to: role)
    }

    /// Takes all rights on a database from a role.
    public func revokeAll(onDatabase database: String, from role: String) async throws {
        try await run("REVOKE ALL ON DATABASE \(try Self.name(database)) FROM \(try Self.name(role))")
    }

    /// Whether a role has a right on a database, by itself, by membership or because everybody has it.
    public func hasPrivilege(
        _ privilege: DatabasePrivilege, onDatabase database: String, role: String
    ) async throws -> Bool {
        try await pool.query(
            "SELECT has_database_privilege($1::name, $2::text, $3)", [role, database, privilege.rawValue]
        )
        .single().bool(0)
    }
}

extension PostgresConnection {
    /// What the server stores instead of a password: a salted SCRAM-SHA-256 verifier, fit for `CREATE ROLE … PASSWORD`.
    public func passwordVerifier(for role: String, password: Secret<String>) throws -> String {
        try SQL.rejectNUL(in: role, "a name in SQL")
        try SQL.rejectNUL(in: password.reveal(), "a password")
        return try withHandle { handle in
            guard let verifier = PQencryptPasswordConn(handle, password.reveal(), role, "scram-sha-256") else {
                throw PostgresError(.protocolViolation, "the password could not be hashed", connection: handle)
            }
            defer { PQfreemem(verifier) }
            return String(cString: verifier)
        }
    }
}

extension Optional where Wrapped: Sendable {
    fileprivate func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async rethrows -> Result? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
