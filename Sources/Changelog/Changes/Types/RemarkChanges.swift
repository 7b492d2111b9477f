/// `setTableRemarks`
struct SetTableRemarks: Change {
    static let name = "setTableRemarks"

    var table: ObjectName
    var remarks: String

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        remarks = decoder.string("remarks") ?? ""
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        ["COMMENT ON TABLE \(dialect.qualified(table)) IS \(SQLValue.string(remarks))"]
    }
}

/// `setColumnRemarks`
struct SetColumnRemarks: Change {
    static let name = "setColumnRemarks"

    var table: ObjectName
    var column: String
    var remarks: String

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        column = decoder.required("columnName")
        remarks = decoder.string("remarks") ?? ""
        _ = decoder.string("columnDataType")
        _ = decoder.string("columnParentType")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        [RemarkSQL.column(column, table: dialect.qualified(table), remarks: remarks, dialect)]
    }
}

/// The statements that comment on things.
enum RemarkSQL {
    static func column(_ column: String, table: String, remarks: String, _ dialect: SQLDialect) -> SQLStatement {
        let text = SQLValue.string(remarks.trimmingSpace)
        return "COMMENT ON COLUMN \(table).\(dialect.name(column)) IS \(text)"
    }

    /// The comment of a column that has one.
    static func column(_ column: ColumnDefinition, table: String, _ dialect: SQLDialect) -> SQLStatement? {
        column.remarks?.trimmedOrNil.map { self.column(column.name, table: table, remarks: $0, dialect) }
    }
}
