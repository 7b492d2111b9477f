import Changelog

/// `createDomain`: a type with conditions on its values.
struct CreateDomain: Change {
    static let name = "createDomain"

    private var domain: String
    private var type: String
    private var isNullable: Bool?
    private var collation: String?
    private var defaultValue: String?
    private var conditions: [(name: String?, expression: String)] = []

    init(from decoder: inout ChangeDecoder) {
        domain = decoder.requiredName("name")
        type = decoder.required("type")
        isNullable = decoder.boolean("nullable")
        collation = decoder.string("collation")
        defaultValue = decoder.string("defaultValue")
        var records: [ChangeRecord] = []
        for node in decoder.elements("constraint") {
            let (condition, record) = decoder.nested(node) { decoder in
                (name: decoder.string("name"), expression: Self.expression(&decoder))
            }
            conditions.append(condition)
            records.append(record)
        }
        decoder.record("constraints", .list(records))
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        var text = "CREATE DOMAIN \(domain) AS \(type)"
        if isNullable == false { text += " NOT NULL" }
        if let collation { text += " COLLATE \"\(collation)\"" }
        if let defaultValue { text += " DEFAULT \(defaultValue)" }
        for condition in conditions {
            if let name = condition.name { text += " CONSTRAINT \(name)" }
            text += " CHECK (\(condition.expression))"
        }
        return [SQLStatement(text)]
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? { ["DROP DOMAIN \(domain)"] }

    private static func expression(_ decoder: inout ChangeDecoder) -> String {
        let text = decoder.required("implementation")
        let words = text.lowercased().split { !$0.isLetter }
        if words.first == "check" {
            decoder.report("'implementation' is the condition alone", hint: "leave CHECK and its parentheses out")
        }
        return text
    }
}

/// `dropDomain`
struct DropDomain: Change {
    static let name = "dropDomain"

    private var domain: String

    init(from decoder: inout ChangeDecoder) { domain = decoder.requiredName("name") }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] { ["DROP DOMAIN \(domain)"] }
}
