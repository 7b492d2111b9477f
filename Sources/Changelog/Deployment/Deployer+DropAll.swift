import Diagnostics
import PostgresClient

extension Deployer {
    /// Drops everything that stands in some schemas, the books too, in one transaction. The schemas stay, and so does
    /// what an extension brought.
    ///
    /// - Returns: What was dropped, in PostgreSQL's own words.
    /// - Throws: `SluiceError` `changelog.drop-reaches-further` when something in another schema would go as well, be it
    ///   no more than a column or a constraint; then nothing is dropped.
    @discardableResult
    public func dropAll(in schemas: [String]) async throws -> [String] {
        try await locked { lock in
            do {
                try await connection.execute("BEGIN")
                try await connection.execute(lock.fence.statement)
                let dropped = try await connection.execute(Self.inside(schemas)).map {
                    (name: try $0.string("name"), statement: try $0.string("statement"))
                }
                for table in [options.books.tableName, options.books.lockTableName] {
                    try await connection.execute("DROP TABLE IF EXISTS \(table)")
                }
                let others = try await bystanders(of: schemas)
                if !dropped.isEmpty {
                    try await connection.runScript(dropped.map(\.statement).joined(separator: ";\n"))
                }
                try await requireKept(others, schemas)
                try await connection.execute("COMMIT")
                return dropped.map(\.name)
            } catch {
                let connection = connection
                await Shielded.run { _ = try? await connection.execute("ROLLBACK", deadline: .seconds(10)) }
                throw error
            }
        }
    }

    /// Something in another schema.
    private struct Bystander {
        /// What it is in the catalogs. A description says less: it depends on what else there is.
        var key: String
        var name: String
        /// The key of the table that it is a part of.
        var table: String?
    }

    private func bystanders(of schemas: [String]) async throws -> [Bystander] {
        try await connection.execute(Self.outside(schemas)).map {
            Bystander(
                key: try $0.string("key"), name: try $0.string("name"), table: try $0.optionalString("whole"))
        }
    }

    private func requireKept(_ others: [Bystander], _ schemas: [String]) async throws {
        let left = Set(try await bystanders(of: schemas).map(\.key))
        let lost = others.filter { !left.contains($0.key) }
        guard !lost.isEmpty else { return }
        let keys = Set(lost.map(\.key))
        let named = lost.filter { part in part.table.map { !keys.contains($0) } ?? true }
        throw SluiceError(
            "changelog.drop-reaches-further", .stalled,
            "\(named.count) objects of other schemas depend on what would be dropped",
            hint: "drop them first, or name their schemas in --schemas",
            detail: named.prefix(20).map(\.name).joined(separator: "\n"))
    }

    private static func list(_ schemas: [String]) -> String { schemas.map(SQLValue.string).joined(separator: ", ") }

    /// Objects of the schemas, those first on which nothing can depend that comes later. What belongs to another object,
    /// such as the type of a table's row, is not listed, nor what an extension brought.
    private static func inside(_ schemas: [String]) -> String {
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
        WHERE nspname IN (\(list(schemas))) AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = class AND d.objid = found.oid AND d.deptype IN ('i', 'e'))
        ORDER BY place, array_position(ARRAY['v', 'm', 'f', 'r', 'p', 'S'], kind), found.oid
        """
    }

    /// All that CASCADE could take along: whatever has a schema, and the parts of tables, views and composite types.
    private static func outside(_ schemas: [String]) -> String {
        """
        WITH relations AS (
            SELECT oid, relnamespace FROM pg_catalog.pg_class WHERE relkind NOT IN ('i', 'I', 't')
        ), found AS (
            SELECT 'pg_class'::regclass AS class, oid, 0 AS part, relnamespace AS namespace, NULL::oid AS relation
            FROM relations
            UNION ALL
            SELECT 'pg_class'::regclass, c.oid, 0, relnamespace, indrelid
            FROM pg_catalog.pg_index JOIN pg_catalog.pg_class c ON c.oid = indexrelid
            UNION ALL
            SELECT 'pg_class'::regclass, attrelid, attnum, relnamespace, attrelid
            FROM pg_catalog.pg_attribute JOIN relations r ON r.oid = attrelid WHERE attnum > 0 AND NOT attisdropped
            UNION ALL
            SELECT 'pg_attrdef'::regclass, d.oid, 0, relnamespace, adrelid
            FROM pg_catalog.pg_attrdef d JOIN relations r ON r.oid = adrelid
            UNION ALL
            SELECT 'pg_constraint'::regclass, oid, 0, connamespace, NULLIF(conrelid, 0) FROM pg_catalog.pg_constraint
            UNION ALL
            SELECT 'pg_trigger'::regclass, t.oid, 0, relnamespace, tgrelid
            FROM pg_catalog.pg_trigger t JOIN relations r ON r.oid = tgrelid WHERE NOT tgisinternal
            UNION ALL
            SELECT 'pg_policy'::regclass, p.oid, 0, relnamespace, polrelid
            FROM pg_catalog.pg_policy p JOIN relations r ON r.oid = polrelid
            UNION ALL
            SELECT 'pg_rewrite'::regclass, w.oid, 0, relnamespace, ev_class
            FROM pg_catalog.pg_rewrite w JOIN relations r ON r.oid = ev_class
            UNION ALL
            SELECT 'pg_statistic_ext'::regclass, oid, 0, stxnamespace, stxrelid FROM pg_catalog.pg_statistic_ext
            UNION ALL
            SELECT 'pg_proc'::regclass, oid, 0, pronamespace, NULL FROM pg_catalog.pg_proc
            UNION ALL
            SELECT 'pg_type'::regclass, oid, 0, typnamespace, NULLIF(typrelid, 0) FROM pg_catalog.pg_type
            WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_type element WHERE element.typarray = pg_type.oid)
            UNION ALL
            SELECT 'pg_collation'::regclass, oid, 0, collnamespace, NULL FROM pg_catalog.pg_collation
            UNION ALL
            SELECT 'pg_operator'::regclass, oid, 0, oprnamespace, NULL FROM pg_catalog.pg_operator
            UNION ALL
            SELECT 'pg_opclass'::regclass, oid, 0, opcnamespace, NULL FROM pg_catalog.pg_opclass
            UNION ALL
            SELECT 'pg_opfamily'::regclass, oid, 0, opfnamespace, NULL FROM pg_catalog.pg_opfamily
            UNION ALL
            SELECT 'pg_conversion'::regclass, oid, 0, connamespace, NULL FROM pg_catalog.pg_conversion
            UNION ALL
            SELECT 'pg_ts_config'::regclass, oid, 0, cfgnamespace, NULL FROM pg_catalog.pg_ts_config
            UNION ALL
            SELECT 'pg_ts_dict'::regclass, oid, 0, dictnamespace, NULL FROM pg_catalog.pg_ts_dict
        )
        SELECT concat_ws(' ', class::oid, found.oid, part) AS key,
            pg_catalog.pg_describe_object(class, found.oid, part) AS name,
            CASE WHEN relation IS NOT NULL THEN concat_ws(' ', 'pg_class'::regclass::oid, relation, 0) END AS whole
        FROM found JOIN pg_catalog.pg_namespace n ON n.oid = namespace
        WHERE nspname NOT IN (\(list(schemas + ["information_schema"]))) AND nspname !~ '^pg_'
        ORDER BY 1
        """
    }
}
