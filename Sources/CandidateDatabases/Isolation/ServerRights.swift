import Diagnostics
public import PostgresClient

/// What the administrator of a server of candidates must be allowed to do there. Looked at before anything is made, so that
/// what is missing is said in words, all at once.
public struct ServerRights: Hashable, Sendable {
    /// A right that is missing.
    public struct Missing: Hashable, Sendable {
        /// Its name.
        public let right: String
        /// What a superuser has to say for it.
        public let statement: String
    }

    private let privileges: PostgresPrivileges
    private let version: Int

    /// Makes rights of what the administrator may do on a server of a version.
    public init(_ privileges: PostgresPrivileges, version: Int) {
        self.privileges = privileges
        self.version = version
    }

    /// What is missing.
    public var missing: [Missing] {
        guard !privileges.isSuperuser else { return [] }
        var missing: [Missing] = []
        if !privileges.mayCreateDatabases {
            missing.append(Missing(right: "CREATEDB", statement: "ALTER ROLE \(role) CREATEDB"))
        }
        if !privileges.mayCreateRoles {
            missing.append(Missing(right: "CREATEROLE", statement: "ALTER ROLE \(role) CREATEROLE"))
        }
        if !privileges.maySignal { missing.append(Missing(right: "pg_signal_backend", statement: signalling)) }
        return missing
    }

    /// Where roles do not inherit, a membership alone gives nothing; since version 16 that is a matter of each membership.
    private var signalling: String {
        let grant = "GRANT pg_signal_backend TO \(role)"
        if version >= 160_000 { return "\(grant) WITH INHERIT TRUE" }
        return privileges.inherits ? grant : "\(grant); ALTER ROLE \(role) INHERIT"
    }

    private var role: String { (try? SQL.identifier(privileges.role)) ?? privileges.role }

    /// - Throws: `server.too-old`, `server.rights-missing`.
    func require() throws {
        guard version >= PostgresServer.oldestVersion else {
            let (here, oldest) = (version / 10_000, PostgresServer.oldestVersion / 10_000)
            throw SluiceError(
                "server.too-old", .stalled,
                "the server of candidates is PostgreSQL \(here).\(version % 10_000); \(oldest) or later is needed")
        }
        guard missing.isEmpty else {
            let statements = missing.map(\.statement).joined(separator: "; ")
            throw SluiceError(
                "server.rights-missing", .stalled,
                "the role \(privileges.role) lacks rights on the server of candidates",
                hint: "as a superuser, or a managed server's administrator: \(statements)")
        }
    }
}
