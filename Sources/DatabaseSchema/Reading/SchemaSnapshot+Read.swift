import Diagnostics
public import PostgresClient

extension SchemaSnapshot {
    /// Reads the schema of the database that a session is connected to.
    ///
    /// It only reads catalogs that everyone may read, in one transaction that sees one state, and leaves the session's
    /// settings as they were. No code of the database runs.
    ///
    /// - Parameter connection: a session without an open transaction, which nobody else uses meanwhile.
    /// - Throws: `schema.server-too-old`; `schema.too-many-objects` and `schema.too-much-text` over the limits; `PostgresError`.
    public static func read(
        from connection: PostgresConnection, _ options: SchemaReadingOptions = SchemaReadingOptions()
    ) async throws -> SchemaSnapshot {
        try await connection.transaction(.init(isolation: .repeatableRead, isReadOnly: true)) { connection in
            let size = try SchemaSize(
                try await connection.pipeline(
                    SchemaSize.statements(options), deadline: options.deadline))
            try size.check(options)
            let queries = CatalogQuery.all(serverVersion: size.serverVersionNumber)
            let results = try await connection.pipeline(
                queries.map { $0.statement(options) }, deadline: options.deadline)
            var objects: [SchemaObject] = []
            for (query, rows) in zip(queries, results) { objects += try query.objects(rows) }
            return SchemaSnapshot(serverVersion: size.serverVersion, objects: objects)
        }
    }
}
