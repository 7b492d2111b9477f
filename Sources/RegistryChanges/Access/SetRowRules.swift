import Changelog

/// `rls`: rules by which services compare rows with the attributes of who asks.
struct SetRowRules: Change {
    static let name = "rls"

    private var rules: [SQLStatement] = []

    init(from decoder: inout ChangeDecoder) {
        _ = decoder.string("name")
        for kind in ["read", "write"] { add(kind, &decoder) }
        for kind in ["read", "write"] { remove(kind, &decoder) }
        if rules.isEmpty { decoder.report("at least one rule is required") }
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] { rules }

    private mutating func add(_ kind: String, _ decoder: inout ChangeDecoder) {
        let field = kind == "read" ? "addReadRule" : "addWriteRule"
        var records: [ChangeRecord] = []
        for node in decoder.elements(field) {
            let (values, record) = decoder.nested(node) { decoder in
                ["name", "jwtAttribute", "checkTable", "checkColumn"].map { field in
                    let isRequired = field == "name" || field == "checkTable"
                    let value = isRequired ? decoder.requiredValue(field) : decoder.value(field)
                    return value.map { $0.isEmpty ? "NULL" : "'\($0)'" } ?? "NULL"
                }
            }
            rules.append(
                """
                INSERT INTO ddm_rls_metadata(type, name, jwt_attribute, check_table, check_column) \
                VALUES ('\(kind)', \(values.joined(separator: ", ")))
                """)
            records.append(record)
        }
        decoder.record("\(field)s", .list(records))
    }

    private mutating func remove(_ kind: String, _ decoder: inout ChangeDecoder) {
        let field = kind == "read" ? "removeReadRule" : "removeWriteRule"
        var records: [ChangeRecord] = []
        for node in decoder.elements(field) {
            let (name, record) = decoder.nested(node) { $0.requiredValue("name") }
            rules.append("DELETE FROM ddm_rls_metadata WHERE type='\(kind)' AND name='\(name)'")
            records.append(record)
        }
        decoder.record("\(field)s", .list(records))
    }
}
