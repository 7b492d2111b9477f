import Changelog
import Diagnostics

/// `addColumn` with `historyFlag`: columns for a table and for its past states.
///
/// Without the attribute it is Liquibase's own `addColumn`.
struct AddHistoryColumn: Change {
    static let name = "addColumn"

    private var standard: DecodedChange?
    private var rotation: HistoryRotation?
    private var table = ""
    private var generated: [GeneratedColumn] = []

    init(from decoder: inout ChangeDecoder) {
        let node = decoder.node
        let columns = HistoryTable.columns(of: node)
        guard node.child("historyFlag") != nil || columns.contains(where: { $0.child("autoGenerate") != nil }) else {
            standard = decoder.delegate(node, to: .standard)
            return
        }
        let bare = node.without(["historyFlag"]).mapColumns { $0.without(["autoGenerate"]) }
        standard = decoder.delegate(bare, to: .standard)
        let hasHistory = decoder.boolean("historyFlag")
        generated = GeneratedColumn.read(&decoder)
        if case .list(var records)? = standard?.record["columns"], !generated.isEmpty {
            for (index, column) in columns.enumerated() where records.indices.contains(index) {
                records[index].set("autoGenerate", column["autoGenerate"])
            }
            decoder.record("columns", .list(records))
        }
        guard decoder.requireHistory(hasHistory), let table = node["tableName"] else { return }
        self.table = table
        for column in columns { Self.check(column, &decoder) }
        rotation = HistoryRotation(adding: bare, to: table, &decoder, counts: true)
    }

    func statements(_ dialect: SQLDialect) throws -> [SQLStatement] {
        var statements = try standard?.change.statements(dialect) ?? []
        if let rotation { statements.append(try rotation.block(dialect)) }
        return statements + generated.flatMap { $0.statements(table: table) }
    }

    func inverse(_ dialect: SQLDialect) throws -> [SQLStatement]? { try standard?.change.inverse(dialect) }

    private static func check(_ column: ChangelogNode, _ decoder: inout ChangeDecoder) {
        let name = column["name"] ?? ""
        decoder.checkName(name, at: column.location)
        let hasDefault = column.children.contains { child in
            child.name.begins(with: "defaultValue") && child.name != "defaultValueConstraintName"
        }
        guard let constraints = column.child("constraints") else { return }
        if !hasDefault, constraints["nullable"]?.lowercased() == "false" {
            decoder.report(
                "the column '\(name)' is not nullable, so it needs a default value", at: column.location,
                hint: "rows that are there already get it")
        }
        if hasDefault, HistoryTable.isTrue(constraints["unique"]) {
            decoder.report(
                "the column '\(name)' is unique and has a default value", at: column.location,
                hint: "rows that are there already would all get the same one")
        }
    }
}
