import Changelog

/// `alterTableApi`: whether services read a table asynchronously and load it in bulk.
struct AlterTableAPI: Change {
    static let name = "alterTableApi"

    private var rows: [SQLStatement] = []

    init(from decoder: inout ChangeDecoder) {
        let table = decoder.requiredValue("table")
        if !table.isEmpty, !decoder.tables.creates(table) {
            decoder.report("the changelog does not create the table \(table)")
        }
        var records: [ChangeRecord] = []
        for node in decoder.elements("attribute") {
            let ((name, value), record) = decoder.nested(node) { decoder in
                (decoder.required("name"), decoder.required("value"))
            }
            records.append(record)
            switch (name, value) {
            case ("bulkLoad", "true"), ("bulkLoad", "false"):
                rows.append(MetadataSQL.delete("bulkLoad", table, attribute: "bulkLoad"))
                if value == "true" { rows.append(MetadataSQL.insert("bulkLoad", table, "bulkLoad", "true")) }
            case ("readMode", "async"), ("readMode", "sync"):
                rows.append(MetadataSQL.delete("readMode", "createTable", attribute: table))
                if value == "async" { rows.append(MetadataSQL.insert("readMode", "createTable", table, "async")) }
            default:
                decoder.report(
                    "the attribute '\(name)' with the value \"\(value)\" is not known", at: node.location,
                    hint: "bulkLoad is true or false, readMode is sync or async")
            }
        }
        decoder.record("attributeList", .list(records))
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] { rows }
}
