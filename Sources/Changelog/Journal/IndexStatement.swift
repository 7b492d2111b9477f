import Diagnostics

/// A `CREATE INDEX` as it is written.
struct IndexStatement: Sendable, Hashable {
    var isUnique: Bool
    var isConcurrent: Bool
    /// `IF NOT EXISTS`
    var isConditional: Bool
    /// The index; it has no schema of its own and stands in its table's.
    var name: String
    /// The table.
    var table: String
    /// What follows the table: method, columns and options.
    var definition: String

    /// Reads a statement; nil when it creates no index, or one whose name the server is to choose.
    init?(_ text: some StringProtocol) {
        var head = StatementHead(text)
        guard head.take("create") else { return nil }
        isUnique = head.take("unique")
        guard head.take("index") else { return nil }
        isConcurrent = head.take("concurrently")
        isConditional = head.take("if", "not", "exists")
        if head.take("on") { return nil }
        guard let name = head.takeName(), head.take("on") else { return nil }
        _ = head.take("only")
        guard let table = head.takeName() else { return nil }
        self.name = name
        self.table = table
        definition = head.rest
    }
}

extension IndexStatement {
    /// What the catalogs say about the index of that name in that table's schema; no row when there is none.
    var inquiry: String {
        """
        SELECT i.indisvalid AND i.indisready AS valid, pg_get_indexdef(i.indexrelid) AS definition, \
        format('%I.%I', n.nspname, c.relname) AS name, format('%I', n.nspname) AS schema, \
        i.indrelid = to_regclass(\(SQLValue.string(table))) AS here, \
        EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid) AS building \
        FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE \(condition)
        """
    }

    /// A name is cut to the length that the catalogs keep, which `parse_ident` does not do.
    private var condition: String {
        """
        c.relname = (parse_ident(\(SQLValue.string(name))))[1]::name AND c.relnamespace = \
        (SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = to_regclass(\(SQLValue.string(table))))
        """
    }

    /// A statement that fails when the index is there and invalid: `IF NOT EXISTS` would pass over it.
    var check: String {
        """
        SELECT coalesce((SELECT \(SQLValue.string(Self.complaint)) FROM pg_catalog.pg_index i \
        JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid AND \(condition)), '0')::integer
        """
    }

    /// What the failing check says.
    static let complaint = "the index is INVALID"

    /// The statements that make the same index on an empty twin of its table, to see how the server writes it.
    func twin(schema: String) -> (table: String, script: String) {
        let twin = "\(schema).sluice_index_twin"
        let unique = isUnique ? "UNIQUE " : ""
        return (
            twin,
            "CREATE TABLE \(twin) (LIKE \(table)); CREATE \(unique)INDEX sluice_index_twin_i ON \(twin) \(definition)"
        )
    }

    /// What two definitions have in common when only the names of table and index differ.
    static func essence(of definition: String) -> String {
        guard let using = definition.exactRange(of: " USING ") else { return definition }
        let unique = definition.begins(with: "CREATE UNIQUE ") ? "UNIQUE" : ""
        return unique + definition[using.lowerBound...]
    }
}
