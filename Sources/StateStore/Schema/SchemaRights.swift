import PostgresClient

extension PostgresConnection {
    /// Looks whether the schema can be made or changed here, so that it is said in words what is missing.
    ///
    /// Everything else that the store needs comes with being the owner of the schema.
    func requireRights() async throws {
        let row = try await query(
            """
            SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
                current_user::text AS role, has_database_privilege(current_database(), 'CREATE') AS creates,
                (SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = '\(StateSchema.name)') AS owns
            """
        ).single()
        guard try row.int("number") >= PostgresServer.oldestVersion else {
            throw SchemaRefusal.serverTooOld(try row.string("version"))
        }
        let owns = try row.optionalBool("owns")
        guard try owns ?? row.bool("creates") else { throw SchemaRefusal.mayNotCreate(try row.string("role")) }
    }
}
