public import DesiredState
import Diagnostics
import Foundation
public import PostgresClient

/// Reads the tables of a database live from PostgreSQL's catalogs, by the rules of the registry platform's interface:
/// which tables, columns and indexes are shown, and under which names (`docs/reference/rest.md`).
///
/// What is read was made by strangers, and the reader may be an administrator. So every function is named with its
/// schema, and every operator is applied to exactly the types that PostgreSQL has it for: neither can then be taken for
/// one that a changelog put on the search path.
public struct TableCatalog: Sendable {
    /// What is left out.
    public struct Rules: Sendable {
        /// Tables whose names begin so are the platform's own.
        public var hiddenTablePrefixes = ["ddm", "test"]
        /// Tables whose names end so keep history.
        public var hiddenTableSuffixes = ["hst"]
        /// Columns whose names begin so are the platform's own.
        public var hiddenColumnPrefixes = ["ddm", "dcm"]
        /// Names with this suffix are search conditions: neither listed nor described.
        public var viewSuffix = "_v"
        /// Indexes with this suffix serve many-to-many views.
        public var hiddenIndexSuffix = "_m2m"
        /// A foreign key to this table makes a table an object reference.
        public var subjectTable = "subject"

        /// The registry platform's rules.
        public init() {}
    }

    private let schema: String
    private let path: [String]
    private let books: [String]
    private let rules: Rules

    /// A catalog reader for a registry's layout; the changelog's own two tables are never shown.
    public init(layout: DatabaseLayout, rules: Rules = Rules()) {
        schema = layout.defaultSchema
        let path = layout.searchPath.isEmpty ? [layout.defaultSchema, "public"] : layout.searchPath
        self.path = ["pg_catalog"] + path.filter { $0 != "pg_catalog" }
        books = [layout.changelogTable, layout.lockTable, "databasechangelog", "databasechangeloglock"]
        self.rules = rules
    }

    /// The tables, by name.
    public func tables(_ connection: PostgresConnection, deadline: Duration) async throws -> [TableSummary] {
        try await read(connection, table: nil, deadline: deadline).map {
            TableSummary(name: $0.name, objectReference: $0.objectReference, description: $0.description)
        }
    }

    /// One table; nil when it is not there or not shown.
    public func table(_ name: String, _ connection: PostgresConnection, deadline: Duration) async throws -> TableInfo? {
        try await read(connection, table: name, deadline: deadline).first
    }

    private func read(
        _ connection: PostgresConnection, table: String?, deadline: Duration
    ) async throws -> [TableInfo] {
        let searchPath = try path.map { try SQL.identifier($0) }.joined(separator: ", ")
        // Defaults and expressions are written as on this path: without the schemas that are on it.
        try await connection.query(
            "SELECT pg_catalog.set_config('search_path', $1, false)", [searchPath], deadline: deadline)
        let rows = try await connection.query(
            Self.statement,
            [
                schema, books, Self.pattern(prefixes: rules.hiddenTablePrefixes, suffixes: rules.hiddenTableSuffixes),
                Self.pattern(prefixes: rules.hiddenColumnPrefixes, suffixes: []),
                rules.hiddenIndexSuffix, rules.subjectTable, rules.viewSuffix, table,
            ], deadline: deadline)
        return try rows.map { row in
            do {
                return try JSONDecoder().decode(TableInfo.self, from: Data(try row.string("description").utf8))
            } catch let error as DecodingError {
                throw SluiceError(
                    "tables.unreadable", .transient, "the description of a table could not be read",
                    detail: String(reflecting: error), cause: error)
            }
        }
    }

    /// A regular expression over names, of literal prefixes and suffixes.
    private static func pattern(prefixes: [String], suffixes: [String]) -> String {
        func literal(_ text: String) -> String {
            text.unicodeScalars.map { scalar in
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_"
                    ? "\(scalar)" : "\\\(scalar)"
            }.joined()
        }
        let parts = prefixes.map { "^" + literal($0) } + suffixes.map { literal($0) + "$" }
        return parts.isEmpty ? "^$" : "(" + parts.joined(separator: "|") + ")"
    }
}

extension TableCatalog {
    /// One row a table, as JSON in the shape of ``TableInfo``.
    ///
    /// Parameters: schema, names of the books, patterns of hidden tables and columns, suffix of hidden indexes, the table
    /// of subjects, suffix of views, the one table that is asked for or NULL.
    static let statement = """
        with tables as (
          select c.oid, c.relname
          from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          where n.nspname::text = $1::text and c.relkind in ('r', 'p', 'v', 'm')
            and not c.relname::text = any ($2::text[]) and c.relname::text !~ $3::text
            and not pg_catalog.starts_with(pg_catalog.reverse(c.relname::text), pg_catalog.reverse($7::text))
            and ($8::text is null or c.relname::text = $8::text)
        ), columns as (
          select t.oid, pg_catalog.jsonb_object_agg(a.attname, pg_catalog.jsonb_build_object(
            'name', a.attname, 'description', pg_catalog.col_description(t.oid, a.attnum), 'type', y.typname,
            'defaultValue', pg_catalog.pg_get_expr(d.adbin, d.adrelid), 'notNullFlag', a.attnotnull)) as value
          from tables t
          join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
          join pg_catalog.pg_type y on y.oid = a.atttypid
          left join pg_catalog.pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
          where a.attname::text !~ $4::text
          group by t.oid
        ), foreign_keys as (
          select t.oid, pg_catalog.bool_or(f.relname::text = $6::text) as refers_to_subject,
            pg_catalog.jsonb_object_agg(k.conname, pg_catalog.jsonb_build_object('name', k.conname, 'targetTable', f.relname, 'columnPairs', (
              select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                'sourceColumnName', s.attname, 'targetColumnName', g.attname) order by p.position)
              from unnest(k.conkey, k.confkey) with ordinality p(source, target, position)
              join pg_catalog.pg_attribute s on s.attrelid = k.conrelid and s.attnum = p.source
              join pg_catalog.pg_attribute g on g.attrelid = k.confrelid and g.attnum = p.target))) as value
          from tables t
          join pg_catalog.pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
          join pg_catalog.pg_class f on f.oid = k.confrelid
          group by t.oid
        ), indexes as (
          select t.oid, i.indisprimary, i.indisunique, x.relname,
            pg_catalog.jsonb_build_object('name', x.relname, 'columns', (
            select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
              'name', coalesce(a.attname, pg_catalog.pg_get_indexdef(i.indexrelid, o, true)),
              'sorting', case when m.amname <> 'btree' then 'NONE'
                              when (i.indoption[o - 1]::int4 & 1) = 1 then 'DESC' else 'ASC' end) order by o)
            from pg_catalog.generate_series(1, i.indnkeyatts::int) o
            left join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[o - 1]
              and a.attnum > 0)) as value
          from tables t
          join pg_catalog.pg_index i on i.indrelid = t.oid
          join pg_catalog.pg_class x on x.oid = i.indexrelid
          join pg_catalog.pg_am m on m.oid = x.relam
          where not pg_catalog.starts_with(pg_catalog.reverse(x.relname::text), pg_catalog.reverse($5::text))
        )
        select pg_catalog.jsonb_build_object(
          'name', t.relname, 'objectReference', coalesce(f.refers_to_subject, false),
          'description', pg_catalog.obj_description(t.oid, 'pg_class'),
          'columns', coalesce(c.value, '{}'), 'foreignKeys', coalesce(f.value, '{}'),
          'primaryKey', (select value from indexes i where i.oid = t.oid and i.indisprimary),
          'uniqueConstraints', coalesce((select pg_catalog.jsonb_object_agg(relname, value) from indexes i
            where i.oid = t.oid and i.indisunique and not i.indisprimary), '{}'),
          'indices', coalesce((select pg_catalog.jsonb_object_agg(relname, value) from indexes i
            where i.oid = t.oid and not i.indisunique), '{}'))::text as description
        from tables t left join columns c using (oid) left join foreign_keys f using (oid)
        order by t.relname
        """
}
