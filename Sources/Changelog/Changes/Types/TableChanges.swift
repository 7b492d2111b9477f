import Diagnostics

/// `createTable`: a table with its columns, keys and comments.
struct CreateTable: Change {
    static let name = "createTable"

    var table: ObjectName
    var tablespace: String?
    var remarks: String?
    var tableType: String?
    var ifNotExists: Bool
    var columns: [ColumnDefinition]

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        tablespace = decoder.string("tablespace")?.trimmedOrNil
        remarks = decoder.string("remarks")
        tableType = decoder.string("tableType")
        ifNotExists = decoder.boolean("ifNotExists", recorded: false) ?? false
        _ = decoder.boolean("rowDependencies", recorded: false)
        columns = decoder.columns()
        for column in columns where column.type == nil {
            decoder.report("the column '\(column.name)' needs a type")
        }
        for column in columns where column.constraints?.reference != nil {
            if column.constraints?.foreignKeyName?.trimmedOrNil == nil {
                decoder.report("the column '\(column.name)' references a table, so it needs a 'foreignKeyName'")
            }
        }
    }

    func statements(_ dialect: SQLDialect) throws -> [SQLStatement] {
        let type = tableType?.trimmedOrNil.map { $0.uppercased() + " " } ?? ""
        let name = dialect.qualified(table)
        let parts = columns.map { definition($0, dialect) } + constraints(dialect)
        var text = "CREATE \(type)TABLE \(ifNotExists ? "IF NOT EXISTS " : "")\(name)"
        text += " (\(parts.joined(separator: ", ")))"
        if let tablespace { text += " TABLESPACE \(tablespace)" }
        var statements: [SQLStatement] = [SQLStatement(text)]
        if let remarks = remarks?.trimmedOrNil {
            statements.append("COMMENT ON TABLE \(name) IS \(SQLValue.string(remarks))")
        }
        return statements + columns.compactMap { RemarkSQL.column($0, table: name, dialect) }
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? { ["DROP TABLE \(dialect.qualified(table))"] }

    private func definition(_ column: ColumnDefinition, _ dialect: SQLDialect) -> String {
        guard let type = column.dataType else { return dialect.columnOrExpression(column.name) }
        var text = column.isComputed ? dialect.columnOrExpression(column.name) : dialect.tableColumn(column.name)
        text += " \(type.sql)"
        text += column.defaultClause(dialect)
        if column.isAutoIncrement || type.isAutoIncrement { text += " " + column.identityClause }
        if let constraints = column.constraints, constraints.isPrimaryKey || constraints.isNullable == false {
            if let name = constraints.notNullName?.trimmedOrNil { text += " CONSTRAINT \(dialect.name(name))" }
            text += " NOT NULL"
        }
        return text
    }

    private func constraints(_ dialect: SQLDialect) -> [String] {
        [primaryKey(dialect)].compactMap(\.self) + columns.compactMap { foreignKey($0, dialect) } + uniques(dialect)
    }

    private func primaryKey(_ dialect: SQLDialect) -> String? {
        let keys = columns.filter { $0.constraints?.isPrimaryKey == true }
        guard let first = keys.first?.constraints else { return nil }
        let name = keys.compactMap { $0.constraints?.primaryKeyName?.trimmedOrNil }.last ?? Self.keyName(table.name)
        let names = dialect.columns(keys.map(\.name).joined(separator: ", "))
        var text = "CONSTRAINT \(dialect.name(name)) PRIMARY KEY (\(names))"
        if let space = keys.compactMap({ $0.constraints?.primaryKeyTablespace?.trimmedOrNil }).last {
            text += " USING INDEX TABLESPACE \(space)"
        }
        if first.isInitiallyDeferred { text += " INITIALLY DEFERRED" }
        if first.isDeferrable { text += " DEFERRABLE" }
        return text
    }

    private func foreignKey(_ column: ColumnDefinition, _ dialect: SQLDialect) -> String? {
        guard let constraints = column.constraints, let reference = constraints.reference else { return nil }
        var text = "CONSTRAINT \(dialect.name(constraints.foreignKeyName ?? ""))"
        text += " FOREIGN KEY (\(dialect.name(column.name))) REFERENCES "
        if let written = reference.text {
            text += written.holds(".") ? written : "\(dialect.name(dialect.defaultSchema)).\(written)"
        } else {
            text += dialect.qualified(reference.table ?? "", schema: reference.schema)
            text += "(\(dialect.columns(reference.columns ?? "")))"
        }
        if constraints.deleteCascade { text += " ON DELETE CASCADE" }
        if constraints.isInitiallyDeferred { text += " INITIALLY DEFERRED" }
        if constraints.isDeferrable { text += " DEFERRABLE" }
        return text
    }

    /// Columns with one constraint name share one constraint; those without a name come first.
    private func uniques(_ dialect: SQLDialect) -> [String] {
        var unnamed: [String] = []
        var named: [(name: String, columns: [String])] = []
        for column in columns where column.constraints?.isUnique == true {
            guard let name = column.constraints?.uniqueName else {
                unnamed.append("UNIQUE (\(dialect.columns(column.name)))")
                continue
            }
            if let index = named.firstIndex(where: { $0.name == name }) {
                named[index].columns.append(column.name)
            } else {
                named.append((name, [column.name]))
            }
        }
        return unnamed
            + named.map {
                "CONSTRAINT \(dialect.name($0.name)) UNIQUE (\(dialect.columns($0.columns.joined(separator: ", "))))"
            }
    }

    /// The name that PostgreSQL itself would give a primary key.
    static func keyName(_ table: String) -> String {
        let limit = 63 - "_pkey".utf8.count
        guard table.utf8.count > limit else { return table + "_pkey" }
        return String(String(decoding: Array(table.utf8.prefix(limit)), as: UTF8.self).dropLast()) + "_pkey"
    }
}

/// `dropTable`
struct DropTable: Change {
    static let name = "dropTable"

    var table: ObjectName
    var cascades: Bool

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        cascades = decoder.boolean("cascadeConstraints") ?? false
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        ["DROP TABLE \(dialect.qualified(table))\(cascades ? " CASCADE" : "")"]
    }
}

/// `renameTable`
struct RenameTable: Change {
    static let name = "renameTable"

    var old: ObjectName
    var new: ObjectName

    init(from decoder: inout ChangeDecoder) {
        old = decoder.object("oldTableName")
        new = decoder.object("newTableName")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        ["ALTER TABLE \(dialect.qualified(old)) RENAME TO \(dialect.name(new.name))"]
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? {
        ["ALTER TABLE \(dialect.qualified(new)) RENAME TO \(dialect.name(old.name))"]
    }
}
