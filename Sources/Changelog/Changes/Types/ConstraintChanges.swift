import Diagnostics

/// `addUniqueConstraint`
struct AddUniqueConstraint: Change {
    static let name = "addUniqueConstraint"

    var table: ObjectName
    var columns: String
    var constraint: String?
    var tablespace: String?
    var isDeferrable: Bool
    var isInitiallyDeferred: Bool
    var index: ObjectName?

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        columns = decoder.required("columnNames")
        constraint = decoder.string("constraintName")
        tablespace = decoder.string("tablespace")?.trimmedOrNil
        isDeferrable = decoder.boolean("deferrable") ?? false
        isInitiallyDeferred = decoder.boolean("initiallyDeferred") ?? false
        for field in ["disabled", "validate", "clustered"] { _ = decoder.boolean(field) }
        let indexSchema = decoder.string("forIndexSchemaName")
        _ = decoder.string("forIndexCatalogName")
        index = decoder.string("forIndexName").map { ObjectName(name: $0, schema: indexSchema) }
        decoder.ignore("remarks")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        let name = constraint.map { "CONSTRAINT \(dialect.name($0)) " } ?? ""
        var text = "ALTER TABLE \(dialect.qualified(table)) ADD \(name)UNIQUE (\(dialect.columns(columns)))"
        if let index { text += " USING INDEX \(dialect.qualified(index))" }
        if let tablespace { text += (index == nil ? " USING INDEX" : "") + " TABLESPACE \(tablespace)" }
        if isDeferrable { text += " DEFERRABLE" }
        if isInitiallyDeferred { text += " INITIALLY DEFERRED" }
        return [SQLStatement(text)]
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? {
        let name = constraint.map(dialect.name) ?? "null"
        return ["ALTER TABLE \(dialect.qualified(table)) DROP CONSTRAINT \(name)"]
    }
}

/// `dropUniqueConstraint`
struct DropUniqueConstraint: Change {
    static let name = "dropUniqueConstraint"

    var table: ObjectName
    var constraint: String

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        constraint = decoder.required("constraintName")
        _ = decoder.string("uniqueColumns")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        ["ALTER TABLE \(dialect.qualified(table)) DROP CONSTRAINT \(dialect.name(constraint))"]
    }
}

/// `addNotNullConstraint`: rows without a value may get one first.
struct AddNotNull: Change {
    static let name = "addNotNullConstraint"

    var table: ObjectName
    var column: String
    var type: String?
    var defaultNullValue: String?

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        column = decoder.required("columnName")
        defaultNullValue = decoder.string("defaultNullValue")
        type = decoder.string("columnDataType")
        _ = decoder.string("constraintName")
        _ = decoder.boolean("validate")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        let table = dialect.qualified(table)
        let column = dialect.name(column)
        var statements: [SQLStatement] = []
        if let defaultNullValue, defaultNullValue.lowercased() != "null" {
            let value = value(defaultNullValue).literal(dialect)
            statements.append("UPDATE \(table) SET \(column) = \(value) WHERE \(column) IS NULL")
        }
        return statements + ["ALTER TABLE \(table) ALTER COLUMN  \(column) SET NOT NULL"]
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? {
        ["ALTER TABLE \(dialect.qualified(table)) ALTER COLUMN  \(dialect.name(column)) DROP NOT NULL"]
    }

    private func value(_ text: String) -> SQLValue {
        guard let type, DataType(type).kind == .boolean else { return .text(text) }
        let literal = DataType(type).literal(text: text)
        guard type.lowercased().holds("bit") else { return .text(literal) }
        return .expression(literal == "TRUE" ? "B'1'" : "B'0'")
    }
}

/// `dropNotNullConstraint`
struct DropNotNull: Change {
    static let name = "dropNotNullConstraint"

    var table: ObjectName
    var column: String

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        column = decoder.required("columnName")
        _ = decoder.string("columnDataType")
        _ = decoder.string("constraintName")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        ["ALTER TABLE \(dialect.qualified(table)) ALTER COLUMN  \(dialect.name(column)) DROP NOT NULL"]
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? {
        ["ALTER TABLE \(dialect.qualified(table)) ALTER COLUMN  \(dialect.name(column)) SET NOT NULL"]
    }
}

/// `addLookupTable`: a table of a column's values, and a foreign key to it.
struct AddLookupTable: Change {
    static let name = "addLookupTable"

    var existing: ObjectName
    var existingColumn: String
    var new: ObjectName
    var newColumn: String
    var constraint: String?

    init(from decoder: inout ChangeDecoder) {
        existing = decoder.object(
            "existingTableName", schema: "existingTableSchemaName", catalog: "existingTableCatalogName")
        existingColumn = decoder.required("existingColumnName")
        new = decoder.object("newTableName", schema: "newTableSchemaName", catalog: "newTableCatalogName")
        newColumn = decoder.required("newColumnName")
        _ = decoder.string("newColumnDataType")
        constraint = decoder.string("constraintName")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        let (old, new) = (dialect.qualified(existing), dialect.qualified(new))
        let (oldColumn, newColumn) = (dialect.name(existingColumn), dialect.name(newColumn))
        return [
            "CREATE TABLE \(new) AS SELECT DISTINCT \(oldColumn) AS \(newColumn) FROM \(old) WHERE \(oldColumn) IS NOT NULL",
            "ALTER TABLE \(new) ALTER COLUMN  \(newColumn) SET NOT NULL",
            "ALTER TABLE \(new) ADD PRIMARY KEY (\(newColumn))",
            "ALTER TABLE \(old) ADD CONSTRAINT \(dialect.name(key)) FOREIGN KEY (\(oldColumn)) REFERENCES \(new) (\(newColumn))",
        ]
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? {
        [
            "ALTER TABLE \(dialect.qualified(existing)) DROP CONSTRAINT \(dialect.name(key))",
            "DROP TABLE \(dialect.qualified(new))",
        ]
    }

    private var key: String { constraint ?? "FK_\(existing.name)_\(new.name)".uppercased() }
}
