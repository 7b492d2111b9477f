import Changelog

/// `createMany2Many`: a relation by an array of keys, with a view that unfolds it, an index and a guard.
struct CreateManyToMany: Change {
    static let name = "createMany2Many"

    private var table: String
    private var key: String
    private var array: String
    private var target: String
    private var targetKey: String
    private var columns: [(name: String, alias: String?)]
    private var targetColumns: [(name: String, alias: String?)]

    init(from decoder: inout ChangeDecoder) {
        table = decoder.requiredName("mainTableName").lowercased()
        key = decoder.requiredName("mainTableKeyField")
        target = decoder.requiredName("referenceTableName").lowercased()
        array = decoder.requiredName("referenceKeysArray")
        columns = Self.columns("mainTableColumns", &decoder)
        targetColumns = Self.columns("referenceTableColumns", &decoder)
        decoder.record("mainTableName", .text(table))
        decoder.record("referenceTableName", .text(target))
        targetKey = decoder.tables.keyColumn(of: target) ?? ""
        guard !target.isEmpty, targetKey.isEmpty else { return }
        decoder.report(
            decoder.tables.creates(target)
                ? "the primary key of the table \(target) has no name in the changelog"
                : "the changelog does not create the table \(target)",
            hint: "a createTable with primaryKeyName is needed, in the changelog as a whole")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        var query = "SELECT \(table).\(key), UNNEST(\(table).\(array)) AS \(targetKey)"
        query += Self.list(columns, of: table) + " FROM \(table)"
        if !targetColumns.isEmpty {
            let outer = columns.map { ", main_cte.\($0.alias ?? $0.name)" }.joined()
            query = """
                WITH main_cte as (\(query)) SELECT main_cte.\(key), main_cte.\(targetKey)\(outer)\
                \(Self.list(targetColumns, of: target)) FROM main_cte JOIN \(target) USING (\(targetKey))
                """
        }
        return [
            "CREATE OR REPLACE VIEW \(table)_\(target)_rel_v AS \(query)",
            "CREATE INDEX ix_\(table)_\(target)_m2m ON \(table) USING gin(\(array))",
            """
            CREATE TRIGGER trg_\(target)_integrity_\(table)_\(array) BEFORE UPDATE OR DELETE ON \(target) \
            FOR EACH ROW EXECUTE FUNCTION f_trg_check_m2m_integrity('\(targetKey)', '\(table)', '\(array)')
            """,
        ]
    }

    private static func list(_ columns: [(name: String, alias: String?)], of table: String) -> String {
        columns.map { column in
            ", \(table).\(column.name)" + (column.alias.flatMap { $0.isEmpty ? nil : " AS \($0)" } ?? "")
        }.joined()
    }

    private static func columns(
        _ field: String, _ decoder: inout ChangeDecoder
    ) -> [(name: String, alias: String?)] {
        var columns: [(name: String, alias: String?)] = []
        var records: [ChangeRecord] = []
        for list in decoder.elements(field) {
            _ = decoder.nested(list) { decoder in
                for node in decoder.elements("column") {
                    let (column, record) = decoder.nested(node) { decoder in
                        (name: decoder.required("name"), alias: decoder.string("alias"))
                    }
                    columns.append(column)
                    records.append(record)
                }
            }
        }
        decoder.record(field, .list(records))
        return columns
    }
}
