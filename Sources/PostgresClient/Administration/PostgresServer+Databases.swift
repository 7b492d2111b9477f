extension PostgresServer {
    /// Creates a database as a copy of a template. It has neither the template's comment nor its grants and settings.
    ///
    /// A template that somebody is connected to cannot be copied: the server waits 5 s for them to go and then refuses
    /// with 55006. That is repeated for `retryWhileTemplateBusy`.
    ///
    /// - Throws: ``PostgresError``; 42P04 when the name is taken, 3D000 when there is no such template. A creation that
    ///   is cancelled leaves nothing behind.
    public func createDatabase(
        _ name: String, template: String = "template1", owner: String? = nil,
        connectionLimit: Int? = nil, retryWhileTemplateBusy: Duration = .zero
    ) async throws {
        var statement = "CREATE DATABASE \(try Self.name(name)) TEMPLATE \(try Self.name(template))"
        if let owner { statement += " OWNER \(try Self.name(owner))" }
        if let connectionLimit { statement += " CONNECTION LIMIT \(connectionLimit)" }
        let end = ContinuousClock.now + retryWhileTemplateBusy
        while true {
            do {
                return try await run(statement)
            } catch let error as PostgresError where error.hasState("55006") && ContinuousClock.now < end {
                try await clock.sleep(for: .milliseconds(100))
            }
        }
    }

    /// Renames a database. Sessions on it must have been ended; the server refuses otherwise (55006).
    public func renameDatabase(_ name: String, to newName: String) async throws {
        try await run("ALTER DATABASE \(try Self.name(name)) RENAME TO \(try Self.name(newName))")
    }

    /// Drops a database and ends its sessions; no error when there is none. One that is marked as a template is refused (42809).
    public func dropDatabase(_ name: String) async throws {
        try await run("DROP DATABASE IF EXISTS \(try Self.name(name)) WITH (FORCE)")
    }

    /// Sets the comment of a database, or removes it with nil.
    public func setComment(_ comment: String?, ofDatabase name: String) async throws {
        let literal = try comment.map(SQL.literal) ?? "NULL"
        try await run("COMMENT ON DATABASE \(try Self.name(name)) IS \(literal)")
    }

    /// Lets sessions in, or keeps everybody out. Sessions that are in stay.
    public func setAllowsConnections(_ allows: Bool, ofDatabase name: String) async throws {
        try await run("ALTER DATABASE \(try Self.name(name)) ALLOW_CONNECTIONS \(allows)")
    }

    /// Marks a database as a template, which protects it from being dropped, or takes the mark off.
    public func setIsTemplate(_ isTemplate: Bool, ofDatabase name: String) async throws {
        try await run("ALTER DATABASE \(try Self.name(name)) IS_TEMPLATE \(isTemplate)")
    }

    /// What sessions on the database begin with: `ALTER DATABASE … SET`. Settings that are lists, such as
    /// `search_path`, take each entry as one value. No values reset it.
    public func setDatabaseSetting(_ setting: String, to values: [String], ofDatabase name: String) async throws {
        try await run("ALTER DATABASE \(try Self.name(name)) \(try Self.assignment(setting, values))")
    }

    static func assignment(_ setting: String, _ values: [String]) throws -> String {
        let name = try settingName(setting)
        if values.isEmpty { return "RESET \(name)" }
        return "SET \(name) TO \(try values.map(SQL.literal).joined(separator: ", "))"
    }

    /// The settings that sessions on a database begin with, as the catalog has them: `name=value`.
    public func databaseSettings(_ name: String) async throws -> [String] {
        try await pool.query(
            """
            SELECT unnest(s.setconfig) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
            WHERE d.datname = $1 AND s.setrole = 0
            """, [name]
        ).map { try $0.string(0) }
    }
}
