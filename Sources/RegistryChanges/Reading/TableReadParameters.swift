import Changelog

/// `tableReadParameters`: whether services answer with the key in a column or with the row that it leads to.
struct TableReadParameters: Change {
    static let name = "tableReadParameters"

    private var rows: [SQLStatement] = []

    init(from decoder: inout ChangeDecoder) {
        let table = decoder.requiredValue("table")
        let tables = decoder.tables
        let known = Set(tables.columns(of: table).map(\.name))
        var records: [ChangeRecord] = []
        for node in decoder.elements("column") {
            let ((column, fetchType), record) = decoder.nested(node) { decoder in
                (decoder.requiredValue("name"), decoder.required("fetchType"))
            }
            records.append(record)
            guard known.contains(column) else {
                decoder.report("the changelog gives the table \(table) no column '\(column)'", at: node.location)
                continue
            }
            guard let target = tables.target(of: column, in: table) else {
                decoder.report(
                    "the column '\(column)' of \(table) leads to no table", at: node.location,
                    hint: "a foreign key with a name, or a createMany2Many")
                continue
            }
            switch fetchType {
            case "entity": rows.append(MetadataSQL.insert("nestedRead", table, target, column))
            case "id": rows.append(MetadataSQL.delete("nestedRead", table, value: column))
            default: decoder.report("'fetchType' is id or entity, not \"\(fetchType)\"", at: node.location)
            }
        }
        decoder.record("readParameters", .list(records))
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] { rows }
}
