import Diagnostics

/// `createIndex`
struct CreateIndex: Change {
    static let name = "createIndex"

    var index: String?
    var table: ObjectName
    var columns: [ColumnDefinition]
    var tablespace: String?
    var isUnique: Bool
    var isClustered: Bool
    var using: String?
    var associations: [String]

    /// What Liquibase drops from an index's columns.
    private static let unhashed: Set<String> = [
        "type", "autoIncrement", "constraints", "defaultValue", "value", "startWith", "incrementBy", "encoding",
        "remarks",
    ]

    init(from decoder: inout ChangeDecoder) {
        index = decoder.string("indexName")
        table = decoder.object("tableName")
        columns = decoder.columns(unhashed: Self.unhashed)
        tablespace = decoder.string("tablespace")?.trimmedOrNil
        isUnique = decoder.boolean("unique") ?? false
        isClustered = decoder.boolean("clustered") ?? false
        using = decoder.string("using", recorded: false)
        let associated = decoder.string("associatedWith", recorded: false) ?? ""
        associations = associated.words(at: ",").map { String($0).trimmingSpace }
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        // Such an index comes with its constraint.
        guard !associations.contains(where: ["primaryKey", "uniqueConstraint", "foreignKey"].contains) else {
            return []
        }
        let table = dialect.qualified(table)
        let parts = columns.map { column in
            let name = column.isComputed ? column.name : dialect.columnOrExpression(column.name)
            return name + (column.isDescending ? " DESC" : "")
        }
        var text = "CREATE \(isUnique ? "UNIQUE " : "")INDEX \(index.map { dialect.name($0) + " " } ?? "")ON \(table)"
        if let using { text += " USING \(using)" }
        text += "(\(parts.joined(separator: ", ")))"
        if let tablespace { text += " TABLESPACE \(tablespace)" }
        var statements = [SQLStatement(text)]
        if isClustered, let index { statements.append("CLUSTER \(table) USING \(dialect.name(index))") }
        return statements
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? {
        index.map { ["DROP INDEX \(dialect.qualified($0, schema: table.schema))"] }
    }
}

/// `dropIndex`
struct DropIndex: Change {
    static let name = "dropIndex"

    var index: ObjectName

    init(from decoder: inout ChangeDecoder) {
        index = decoder.object("indexName")
        _ = decoder.string("tableName")
        _ = decoder.string("associatedWith", recorded: false)
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] { ["DROP INDEX \(dialect.qualified(index))"] }
}
