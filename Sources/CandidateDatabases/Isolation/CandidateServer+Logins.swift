import PostgresClient

extension CandidateServer {
    /// Removes a login whose databases are gone. That there is none is success.
    ///
    /// Any changelog can grant something of its own to any role, and that role can then not be dropped. So what others
    /// granted is taken from it first, wherever that is. A role that even then is depended on, by a database that lets
    /// nobody in, stays behind: it cannot log in, and costs a row.
    func removeLogin(_ login: String) async throws {
        if try await dropRole(login) { return }
        let role = try SQL.identifier(login)
        try await server.pool.withConnection {
            _ = try await $0.execute("GRANT \(role) TO CURRENT_USER; DROP OWNED BY \(role)")
        }
        for name in try await databases(dependedOnBy: login) { try await disown(login, in: name) }
        if try await dropRole(login) { return }
        try await server.pool.withConnection { _ = try await $0.execute("ALTER ROLE \(role) NOLOGIN PASSWORD NULL") }
    }

    /// Removes a login from a database that stays: what it may have made for itself goes to the registry's owner role.
    func removeLogin(_ login: String, from name: String) async throws {
        try await disown(login, in: name)
        try await removeLogin(login)
    }

    /// Gives what a role owns in a database to the registry's owner role, and takes from it what it was granted there.
    ///
    /// An administrator that is no superuser may do that only as a member of the role.
    private func disown(_ login: String, in name: String) async throws {
        let role = try SQL.identifier(login)
        do {
            try await withAdministrator(on: name) {
                _ = try await $0.execute(
                    "GRANT \(role) TO CURRENT_USER; REASSIGN OWNED BY \(role) TO \(try owner); DROP OWNED BY \(role)")
            }
        } catch let error as PostgresError where error.hasState("3D000") {
            // The database went meanwhile, and its grants with it.
        }
    }

    /// Whether the role is gone; not when something depends on it.
    private func dropRole(_ login: String) async throws -> Bool {
        do {
            try await server.dropRole(login)
            return true
        } catch let error as PostgresError where error.hasState("2BP01") {
            return false
        }
    }

    private func databases(dependedOnBy login: String) async throws -> [String] {
        let rows = try await server.pool.query(
            """
            SELECT DISTINCT d.datname FROM pg_shdepend s JOIN pg_database d ON d.oid = s.dbid
            WHERE s.refclassid = 'pg_authid'::regclass AND d.datallowconn
              AND s.refobjid = (SELECT oid FROM pg_roles WHERE rolname = $1)
            ORDER BY 1
            """, [login])
        return try rows.map { try $0.string(0) }
    }
}
