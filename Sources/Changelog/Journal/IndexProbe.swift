import PostgresClient

/// Looks in the catalogs how far the making of an index came.
struct IndexProbe {
    let connection: PostgresConnection

    /// An index that was found.
    struct Found: Sendable, Hashable {
        /// Schema and name as SQL text.
        var name: String
        /// Its schema as SQL text.
        var schema: String
        /// As the server writes it.
        var definition: String
        /// Whether queries may use it, and a unique one holds.
        var isValid: Bool
        /// Whether it is one of the table that the statement names.
        var isHere: Bool
        /// Whether a session works on it now.
        var isBeingBuilt: Bool
    }

    /// The index that a statement would make; nil when there is none of its name.
    func find(_ index: IndexStatement) async throws -> Found? {
        guard let row = try await connection.execute(index.inquiry).first else { return nil }
        return Found(
            name: try row.string("name"), schema: try row.string("schema"), definition: try row.string("definition"),
            isValid: try row.bool("valid"), isHere: try row.optionalBool("here") ?? false,
            isBeingBuilt: try row.bool("building"))
    }

    /// Whether a found index is what the statement says: the server is asked to write the same for an empty twin of the
    /// table, which then goes again.
    func isAsWritten(_ found: Found, _ index: IndexStatement) async throws -> Bool {
        let twin = index.twin(schema: found.schema)
        try await connection.runScript("BEGIN;\n\(twin.script)")
        let definition: String
        do {
            let query = "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = '\(twin.table)'::regclass"
            definition = try await connection.execute(query).single().string(0)
        } catch {
            try await connection.execute("ROLLBACK")
            throw error
        }
        try await connection.execute("ROLLBACK")
        return IndexStatement.essence(of: definition) == IndexStatement.essence(of: found.definition)
    }

    /// Removes an index without holding anybody up.
    func drop(_ found: Found) async throws {
        try await connection.runScript("DROP INDEX CONCURRENTLY IF EXISTS \(found.name)")
    }

    /// Whether an index of that name is there.
    func exists(_ name: String) async throws -> Bool {
        try await connection.execute("SELECT to_regclass(\(SQLValue.string(name))) IS NOT NULL").single().bool(0)
    }
}
