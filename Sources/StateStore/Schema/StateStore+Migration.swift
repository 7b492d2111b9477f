import Changelog
import Diagnostics
import PostgresClient

extension StateStore {
    /// Brings the database to the schema of this version. Does nothing when it is there already, or when a newer one is
    /// there that this version can work on; several replicas may call it at once.
    ///
    /// The schema is a changelog like those that Sluice deploys for others, and goes by the same way.
    ///
    /// - Throws: `store.schema-too-new`, `store.older-controllers`.
    public func migrate() async throws { try await migrate(to: .current) }

    func migrate(to schema: StateSchema) async throws {
        try await deploying { connection in
            let status = try await connection.schemaStatus(for: schema)
            switch status.fit {
            case .newer, .same: return
            case .tooNew: throw SchemaRefusal.tooNew(status)
            case .empty, .older: break
            }
            try await connection.requireRights()
            let older = try await connection.connectedPrograms().filter { $0.version < schema.oldestProgram }
            if let oldest = older.first { throw SchemaRefusal.olderControllers(oldest, schema) }
            try await connection.makeSchema()
            try await Deployer(connection, options: StateSchema.options).update(try schema.changelog())
        }
    }

    /// How the schema of the database and this program fit together. Changes nothing.
    public func schemaStatus() async throws -> SchemaStatus { try await schemaStatus(for: .current) }

    func schemaStatus(for schema: StateSchema) async throws -> SchemaStatus {
        try await pool.withConnection { try await $0.schemaStatus(for: schema) }
    }

    /// Takes the newest version of the schema back, with all that only it has a place for.
    ///
    /// - Parameter whileInUse: Also when controllers are at work that need it.
    /// - Returns: The version that is there now.
    /// - Throws: `store.schema-too-new` when this program does not know the version, `store.first-schema` when there is none
    ///   before it, `store.newer-controllers`.
    @discardableResult
    public func downgrade(whileInUse: Bool = false) async throws -> Int {
        try await downgrade(from: .current, whileInUse: whileInUse)
    }

    @discardableResult
    func downgrade(from schema: StateSchema, whileInUse: Bool = false) async throws -> Int {
        try await deploying { connection in
            let status = try await connection.schemaStatus(for: schema)
            guard status.version <= schema.version else { throw SchemaRefusal.tooNew(status) }
            guard status.version > 1 else { throw SchemaRefusal.first }
            let newer = try await connection.connectedPrograms().filter { $0.version >= status.version }
            if !whileInUse, let newest = newer.last { throw SchemaRefusal.newerControllers(newest, status) }
            try await Deployer(connection, options: StateSchema.options)
                .rollBack(try schema.changelog(of: status.version), to: .count(.max))
            return try await connection.schemaStatus(for: schema).version
        }
    }

    /// A connection of its own: the deployer leaves its mark on the session.
    private func deploying<Result: Sendable>(
        _ body: (PostgresConnection) async throws -> Result
    ) async throws -> Result {
        let connection = try await PostgresConnection.open(pool.configuration.with(applicationName: "sluice schema"))
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(connection)) } catch { result = .failure(error) }
        await connection.close()
        return try result.get()
    }
}

extension PostgresConnection {
    /// Makes the schema that everything lies in, when there is none.
    fileprivate func makeSchema() async throws {
        try await transaction { connection in
            // Looking first is no protection against another who does the same at the same time.
            try await connection.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [StateSchema.path])
            try await connection.makeSchemaIfMissing()
        }
    }

    /// Makes the schema. One that its owner was given is enough: PostgreSQL refuses "if not exists", too, to those who may
    /// not make any.
    func makeSchemaIfMissing() async throws {
        let exists = try await query("SELECT to_regnamespace($1) IS NOT NULL", [StateSchema.name]).single().bool(0)
        if !exists { try await execute("CREATE SCHEMA \(StateSchema.name)") }
    }

    func schemaStatus(for schema: StateSchema) async throws -> SchemaStatus {
        let books = try await Deployer(self, options: StateSchema.options).readBooks()
        let plan = DeploymentPlan(try schema.changelog(), books: books ?? Books())
        let pending = plan.pending.map(\.prepared.identity.id)
        let noted = try await noted(hasBooks: books.map { !$0.entries.isEmpty } ?? false)
        return SchemaStatus(
            version: noted.version, oldestProgram: noted.oldestProgram, program: schema.version, pending: pending)
    }

    /// What the database says of itself. The first version did not.
    private func noted(hasBooks: Bool) async throws -> (version: Int, oldestProgram: Int) {
        guard hasBooks else { return (0, 0) }
        guard try await query("SELECT to_regclass('sluice.schema_versions') IS NOT NULL").single().bool(0) else {
            return (1, 1)
        }
        let row = try await query(
            "SELECT version, oldest_program FROM sluice.schema_versions ORDER BY version DESC LIMIT 1"
        ).single()
        return (try row.int("version"), try row.int("oldest_program"))
    }
}
