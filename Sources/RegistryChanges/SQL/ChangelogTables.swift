import Changelog

/// What a changelog says of its tables, wherever it says so.
struct ChangelogTables {
    let overview: ChangelogOverview

    /// A column as the changelog declares it.
    struct Column {
        var name: String
        /// In lower case, as written otherwise: `varchar(20)`.
        var type: String?
        var foreignKeyName: String?
        var referencedTable: String?
        var primaryKeyName: String?

        init(_ node: ChangelogNode) {
            name = node["name"] ?? ""
            type = node["type"]?.lowercased()
            let constraints = node.child("constraints")
            foreignKeyName = constraints?["foreignKeyName"]
            referencedTable = constraints?["referencedTableName"]
            primaryKeyName = constraints?["primaryKeyName"]
        }
    }

    /// Whether the changelog creates the table. The name counts in lower case, as the table is created.
    func creates(_ table: String) -> Bool {
        !overview.changes("createTable", whose: "tableName", is: table).isEmpty
    }

    /// The columns that `createTable` gives a table, then those that `addColumn` adds.
    func columns(of table: String) -> [Column] {
        created(table) + overview.changes("addColumn", whose: "tableName", is: table).flatMap(Self.columns)
    }

    /// The column of a name as it was declared last.
    func column(_ name: String, of table: String) -> Column? { columns(of: table).last { $0.name == name } }

    /// The column with a named primary key.
    func keyColumn(of table: String) -> String? { created(table).first { $0.primaryKeyName != nil }?.name }

    /// The table that an array column refers to by a many-to-many relation.
    func manyToManyTarget(of table: String, _ column: String) -> String? {
        overview.changes("createMany2Many", whose: "mainTableName", is: table)
            .first { $0["referenceKeysArray"] == column }?["referenceTableName"]?.lowercased()
    }

    /// The table that a column leads to; nil when it leads nowhere.
    func target(of column: String, in table: String) -> String? {
        if let target = manyToManyTarget(of: table, column) { return target }
        guard let column = self.column(column, of: table), column.foreignKeyName != nil else { return nil }
        return column.referencedTable
    }

    private func created(_ table: String) -> [Column] {
        overview.changes("createTable", whose: "tableName", is: table).flatMap(Self.columns)
    }

    private static func columns(_ change: ChangelogNode) -> [Column] {
        HistoryTable.columns(of: change).map(Column.init)
    }
}

extension ChangeDecoder {
    /// The tables of the changelog.
    var tables: ChangelogTables { ChangelogTables(overview: context.overview) }
}
