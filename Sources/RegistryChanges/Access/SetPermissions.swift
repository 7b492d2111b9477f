import Changelog

/// `rbac`: what roles may do, all of it at once: what was said before is forgotten.
struct SetPermissions: Change {
    static let name = "rbac"

    private struct Permission {
        var role: String
        var object: String
        var column: String?
        var operation: String
        var kind = "table"
    }

    private var permissions: [Permission] = []

    init(from decoder: inout ChangeDecoder) {
        var records: [ChangeRecord] = []
        var seen: Set<[String]> = []
        for node in decoder.elements("role") {
            let (permissions, record) = decoder.nested(node) { Self.role(&$0, &seen) }
            self.permissions += permissions
            records.append(record)
        }
        decoder.record("roles", .list(records))
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        ["DELETE FROM ddm_role_permission"]
            + permissions.map { permission in
                """
                insert into ddm_role_permission(role_name, object_name, column_name, operation, object_type) values \
                ('\(permission.role)', '\(permission.object)', \(permission.column.map { "'\($0)'" } ?? "null"), \
                '\(permission.operation)', '\(permission.kind)')
                """
            }
    }

    private static func role(_ decoder: inout ChangeDecoder, _ seen: inout Set<[String]>) -> [Permission] {
        let role = decoder.requiredValue("name")
        _ = decoder.string("realm")
        var permissions: [Permission] = []
        var records: [ChangeRecord] = []
        for node in decoder.elements("table") + decoder.elements("view") {
            let (found, record) = decoder.nested(node) { Self.table(role, &$0, &seen) }
            permissions += found
            records.append(record)
        }
        decoder.record("tables", .list(records))
        var conditions: [ChangeRecord] = []
        for node in decoder.elements("searchCondition") {
            let (name, record) = decoder.nested(node) { $0.requiredValue("name") }
            permissions.append(
                Permission(role: role, object: name, column: nil, operation: "S", kind: "search_condition"))
            conditions.append(record)
        }
        if !conditions.isEmpty { decoder.record("searchConditions", .list(conditions)) }
        return permissions
    }

    private static func table(
        _ role: String, _ decoder: inout ChangeDecoder, _ seen: inout Set<[String]>
    ) -> [Permission] {
        let table = decoder.requiredValue("name")
        if !seen.insert([role, table]).inserted {
            decoder.report("the role '\(role)' has the table '\(table)' twice")
        }
        let fields = [
            ("insert", "I", "roleCanInsert"), ("delete", "D", "roleCanDelete"), ("read", "S", "roleCanRead"),
            ("update", "U", "roleCanUpdate"),
        ]
        let rights = fields.map { field, operation, recorded in
            let isGranted = decoder.boolean(field, recorded: false)
            decoder.record(recorded, isGranted.map { .text($0 ? "true" : "false") })
            return (field: field, operation: operation, isGranted: isGranted)
        }
        var permissions = rights.filter { $0.isGranted == true }
            .map { Permission(role: role, object: table, column: nil, operation: $0.operation) }
        var records: [ChangeRecord] = []
        for node in decoder.elements("column") {
            let (found, record) = decoder.nested(node) { decoder in
                let column = decoder.requiredValue("name")
                return rights.suffix(2).compactMap { right -> Permission? in
                    guard let isGranted = decoder.boolean(right.field) else { return nil }
                    if right.isGranted != nil {
                        decoder.report(
                            "'\(right.field)' stands on the table '\(table)' and on its column '\(column)'",
                            hint: "one of them is enough")
                    }
                    return isGranted
                        ? Permission(role: role, object: table, column: column, operation: right.operation) : nil
                }
            }
            permissions += found
            records.append(record)
        }
        decoder.record("columns", .list(records))
        decoder.record("functions", .list([]))
        decoder.record("usedInSQLClause", .text("false"))
        return permissions
    }
}
