/// Statements whose values are written by the types of a table's columns, which are known only when their turn comes.
///
/// Rows of a data file and the contents of binary files are such values: whether `1` is a number, and whether bytes
/// become a large object, the catalogs say.
public struct TypedStatement: Sendable, Hashable {
    /// What is sent.
    enum Shape: Sendable, Hashable {
        /// One statement of these pieces.
        case pieces([Piece])
        /// Rows to insert.
        case rows([[DataCell]], sendsParameters: Bool?)
    }

    /// A part of the text.
    enum Piece: Sendable, Hashable {
        /// Text that stands as it is.
        case text(String)
        /// A value of a data file.
        case cell(DataCell)
        /// Bytes that go into a column, in hexadecimal digits.
        case bytes(String, column: String)
    }

    /// The table, with its schema.
    let table: ObjectName
    let shape: Shape
    let dialect: SQLDialect

    /// The query that gives the name of each column and of its type.
    public var question: String {
        let schema = dialect.catalogName(table.schema?.trimmedOrNil ?? dialect.defaultSchema)
        return """
            SELECT a.attname, t.typname FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
            JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
            WHERE a.attnum > 0 AND NOT a.attisdropped AND n.nspname = \(SQLValue.string(schema)) \
            AND c.relname = \(SQLValue.string(dialect.catalogName(table.name)))
            """
    }

    /// The statements, once the types are known.
    ///
    /// - Parameter types: The type's name by the column's name, as the catalogs have them; empty when there is no such
    ///   table.
    func texts(types: [String: String] = [:]) throws -> [String] {
        let types = types.mapValues { DataType($0) }
        switch shape {
        case .pieces(let pieces): return [try pieces.map { try text($0, types) }.joined()]
        case .rows(let rows, let sendsParameters): return try inserts(rows, sendsParameters, types)
        }
    }

    /// What is sent, as far as it is known without the types, with no more than one row: enough to see what it does to
    /// which table.
    package func outline() throws -> String {
        switch shape {
        case .pieces: try texts().joined()
        case .rows(let rows, _): try inserts(Array(rows.prefix(1)), nil, [:]).joined()
        }
    }

    private func text(_ piece: Piece, _ types: [String: DataType]) throws -> String {
        switch piece {
        case .text(let text): return text
        case .cell(let cell): return try literal(cell, types, asParameter: false)
        case .bytes(let digits, let column):
            // Only a bytea holds bytes by itself: everything else gets the number of a large object.
            let isObject = types[dialect.catalogName(column)].map { $0.name != "bytea" } ?? false
            return isObject ? "lo_from_bytea(0, '\\x\(digits)')" : "'\\x\(digits)'"
        }
    }

    /// Rows together in statements; or, when one of them needs parameters, each by itself, and only those that need
    /// them: so Liquibase loses the others, and so must whoever foretells what it does.
    private func inserts(
        _ rows: [[DataCell]], _ sendsParameters: Bool?, _ types: [String: DataType]
    ) throws -> [String] {
        let needing = rows.filter { row in
            sendsParameters == true || row.contains { $0.needsParameter(types[dialect.catalogName($0.column)]) }
        }
        guard needing.isEmpty else {
            if sendsParameters == false {
                throw ChangeFailure(message: "usePreparedStatements is false, but long texts and bytes need them")
            }
            return try needing.map { try insert([$0], types, asParameters: true) }
        }
        // Thousands of rows in one statement gain nothing more and cost memory.
        return try stride(from: 0, to: rows.count, by: 500).map { start in
            try insert(Array(rows[start..<min(start + 500, rows.count)]), types, asParameters: false)
        }
    }

    private func insert(
        _ rows: [[DataCell]], _ types: [String: DataType], asParameters: Bool
    ) throws -> String {
        let names = rows.first?.map { dialect.name($0.column) }.joined(separator: ", ") ?? ""
        let values = try rows.map { row in
            "(" + (try row.map { try literal($0, types, asParameter: asParameters) }).joined(separator: ", ") + ")"
        }
        return "INSERT INTO \(dialect.qualified(table)) (\(names)) VALUES \(values.joined(separator: ","))"
    }

    private func literal(_ cell: DataCell, _ types: [String: DataType], asParameter: Bool) throws -> String {
        try cell.literal(
            types[dialect.catalogName(cell.column)], schema: table.schema, asParameter: asParameter, dialect)
    }
}
