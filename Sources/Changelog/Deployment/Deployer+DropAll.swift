import Diagnostics
import PostgresClient

extension Deployer {
    /// Drops everything that stands in some schemas, the books too, in one transaction. The schemas stay, and so does
    /// what an extension brought.
    ///
    /// - Returns: What was dropped, in PostgreSQL's own words.
    /// - Throws: `SluiceError` `changelog.drop-reaches-further` when something in another schema would go as well; then
    ///   nothing is dropped.
    @discardableResult
    public func dropAll(in schemas: [String]) async throws -> [String] {
        try await locked { lock in
            do {
                try await connection.execute("BEGIN")
                try await connection.execute(lock.fence.statement)
                let dropped = try await objects(Self.inside(schemas))
                for table in [options.books.tableName, options.books.lockTableName] {
                    try await connection.execute("DROP TABLE IF EXISTS \(table)")
                }
                let others = try await objects(Self.outside(schemas)).map(\.name)
                if !dropped.isEmpty {
                    try await connection.runScript(dropped.map(\.statement).joined(separator: ";\n"))
                }
                let left = Set(try await objects(Self.outside(schemas)).map(\.name))
                let lost = others.filter { !left.contains($0) }
                guard lost.isEmpty else {
                    throw SluiceError(
                        "changelog.drop-reaches-further", .stalled,
                        "\(lost.count) objects of other schemas depend on what would be dropped",
                        hint: "drop them first, or name their schemas in --schemas",
                        detail: lost.prefix(20).joined(separator: "\n"))
                }
                try await connection.execute("COMMIT")
                return dropped.map(\.name)
            } catch {
                let connection = connection
                await Shielded.run { _ = try? await connection.execute("ROLLBACK", deadline: .seconds(10)) }
                throw error
            }
        }
    }

    private func objects(_ query: String) async throws -> [(name: String, statement: String)] {
        try await connection.execute(query).map { (try $0.string("name"), try $0.string("statement")) }
    }

    private static func inside(_ schemas: [String]) -> String { query("IN (\(list(schemas)))") }

    private static func outside(_ schemas: [String]) -> String {
        query("NOT IN (\(list(schemas + ["information_schema"]))) AND nspname !~ '^pg_'")
    }

    private static func list(_ schemas: [String]) -> String { schemas.map(SQLValue.string).joined(separator: ", ") }

    /// Objects of the namespaces that fulfil a condition, those first on which nothing can depend that comes later. What
    /// belongs to another object, such as the type of a table's row, is not listed, nor what an extension brought.
    private static func query(_ condition: String) -> String {
        """
        WITH found AS (
            SELECT 1 AS place, 'pg_class'::regclass AS class, c.oid, relnamespace AS namespace, relkind::text AS kind
            FROM pg_catalog.pg_class c WHERE relkind IN ('v', 'm', 'r', 'p', 'f', 'S')
            UNION ALL
            SELECT 2, 'pg_proc'::regclass, oid, pronamespace, '' FROM pg_catalog.pg_proc
            UNION ALL
            SELECT 3, 'pg_type'::regclass, oid, typnamespace, '' FROM pg_catalog.pg_type
            UNION ALL
            SELECT 4, 'pg_collation'::regclass, oid, collnamespace, '' FROM pg_catalog.pg_collation
        )
        SELECT pg_catalog.pg_describe_object(class, found.oid, 0) AS name,
            format('DROP %s IF EXISTS %s CASCADE', object.type, object.identity) AS statement
        FROM found JOIN pg_catalog.pg_namespace n ON n.oid = namespace,
            LATERAL pg_catalog.pg_identify_object(class, found.oid, 0) object
        WHERE nspname \(condition) AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = class AND d.objid = found.oid AND d.deptype IN ('i', 'e'))
        ORDER BY place, array_position(ARRAY['v', 'm', 'f', 'r', 'p', 'S'], kind), found.oid
        """
    }
}
