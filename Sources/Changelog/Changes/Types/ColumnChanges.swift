import Diagnostics

/// `addColumn`: columns with their values for existing rows, keys and comments.
struct AddColumn: Change {
    static let name = "addColumn"

    var table: ObjectName
    var columns: [ColumnDefinition]

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        columns = decoder.columns()
    }

    func statements(_ dialect: SQLDialect) throws -> [SQLStatement] {
        let table = dialect.qualified(table)
        var statements: [SQLStatement] = []
        for column in columns {
            statements.append("ALTER TABLE \(table) ADD \(definition(column, dialect))")
            statements += keys(column, table, dialect)
        }
        for column in columns {
            guard let value = column.value else { continue }
            statements.append("UPDATE \(table) SET \(dialect.name(column.name)) = \(value.literal(dialect))")
        }
        for column in columns where column.value != nil && column.constraints?.isNullable == false {
            statements.append("ALTER TABLE \(table) ALTER COLUMN  \(dialect.name(column.name)) SET NOT NULL")
        }
        return statements + columns.compactMap { RemarkSQL.column($0, table: table, dialect) }
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? {
        let table = dialect.qualified(table)
        var statements: [SQLStatement] = []
        for column in columns where column.defaultValue != nil {
            statements.append("ALTER TABLE \(table) ALTER COLUMN \(dialect.name(column.name)) DROP DEFAULT")
        }
        return statements + columns.map { "ALTER TABLE \(table) DROP COLUMN \(dialect.name($0.name))" }
    }

    private func definition(_ column: ColumnDefinition, _ dialect: SQLDialect) -> String {
        var text = dialect.name(column.name)
        if let type = column.dataType { text += " \(type.sql)" }
        if column.isAutoIncrement { text += " " + column.identityClause }
        text += column.defaultClause(dialect)
        guard let constraints = column.constraints else { return text }
        if constraints.isPrimaryKey || (constraints.isNullable == false && column.value == nil) {
            if let name = constraints.notNullName?.trimmedOrNil { text += " CONSTRAINT \(dialect.name(name))" }
            text += " NOT NULL"
        }
        if constraints.isPrimaryKey { text += " PRIMARY KEY" }
        return text
    }

    private func keys(_ column: ColumnDefinition, _ table: String, _ dialect: SQLDialect) -> [SQLStatement] {
        guard let constraints = column.constraints else { return [] }
        var statements: [SQLStatement] = []
        if constraints.isUnique {
            let name = constraints.uniqueName.map { "CONSTRAINT \(dialect.name($0)) " } ?? ""
            statements.append("ALTER TABLE \(table) ADD \(name)UNIQUE (\(dialect.name(column.name)))")
        }
        if let reference = constraints.reference {
            let target = Self.target(of: reference)
            var text = "ALTER TABLE \(table) ADD CONSTRAINT \(dialect.name(constraints.foreignKeyName ?? ""))"
            text += " FOREIGN KEY (\(dialect.name(column.name))) REFERENCES "
            text += "\(dialect.qualified(target.table, schema: target.schema)) (\(dialect.columns(target.columns)))"
            if constraints.deleteCascade { text += " ON DELETE CASCADE" }
            if constraints.isDeferrable || constraints.isInitiallyDeferred {
                if constraints.isDeferrable { text += " DEFERRABLE" }
                if constraints.isInitiallyDeferred { text += " INITIALLY DEFERRED" }
            }
            if !constraints.validatesForeignKey { text += " NOT VALID " }
            statements.append(SQLStatement(text))
        }
        return statements
    }

    /// `schema.table(columns)` taken apart.
    static func target(
        of reference: ColumnConstraints.Reference
    ) -> (schema: String?, table: String, columns: String) {
        var table = reference.table ?? ""
        var columns = reference.columns ?? ""
        if let text = reference.text, let open = text.unicodeScalars.firstIndex(of: "(") {
            table = String(text[..<open]).trimmingSpace
            columns = String(text[text.index(after: open)...].prefix { $0 != ")" })
        }
        let parts = table.words(at: ".", maxSplits: 1)
        return parts.count == 2
            ? (String(parts[0]), String(parts[1]), columns) : (reference.schema, table, columns)
    }
}

/// `dropColumn`: one column by attribute, or several by element.
struct DropColumn: Change {
    static let name = "dropColumn"

    var table: ObjectName
    var columns: [String]

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        let column = decoder.string("columnName")
        let several = decoder.columns(required: false).map(\.name)
        columns = several.isEmpty ? [column].compactMap(\.self) : several
        if columns.isEmpty { decoder.report("'columnName' or at least one 'column' is required") }
        // Seen in changelogs, without meaning in Liquibase.
        decoder.ignore("cascadeConstraints")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        let table = dialect.qualified(table)
        return columns.map { "ALTER TABLE \(table) DROP COLUMN \(dialect.name($0))" }
    }
}

/// `renameColumn`
struct RenameColumn: Change {
    static let name = "renameColumn"

    var table: ObjectName
    var old: String
    var new: String
    var remarks: String?

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        old = decoder.required("oldColumnName")
        new = decoder.required("newColumnName")
        _ = decoder.string("columnDataType")
        remarks = decoder.string("remarks")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] { rename(old, new, dialect) }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? { rename(new, old, dialect) }

    private func rename(_ old: String, _ new: String, _ dialect: SQLDialect) -> [SQLStatement] {
        let table = dialect.qualified(table)
        return ["ALTER TABLE \(table) RENAME COLUMN \(dialect.name(old)) TO \(dialect.name(new))"]
    }
}

/// `mergeColumns`: two columns become one.
struct MergeColumns: Change {
    static let name = "mergeColumns"

    var table: ObjectName
    var first: String
    var second: String
    var joinString: String
    var final: String
    var finalType: String

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        first = decoder.required("column1Name")
        second = decoder.required("column2Name")
        joinString = decoder.string("joinString") ?? "null"
        final = decoder.required("finalColumnName")
        finalType = decoder.required("finalColumnType")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        let table = dialect.qualified(table)
        let (first, second, final) = (dialect.name(first), dialect.name(second), dialect.name(final))
        return [
            "ALTER TABLE \(table) ADD \(final) \(DataType(finalType).sql)",
            "UPDATE \(table) SET \(final) = \(first) || '\(joinString)' || \(second)",
            "ALTER TABLE \(table) DROP COLUMN \(first)",
            "ALTER TABLE \(table) DROP COLUMN \(second)",
        ]
    }
}
