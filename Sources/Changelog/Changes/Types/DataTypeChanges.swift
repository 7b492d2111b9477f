import Diagnostics

/// `modifyDataType`
struct ModifyDataType: Change {
    static let name = "modifyDataType"

    var table: ObjectName
    var column: String
    var type: String

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        column = decoder.required("columnName")
        type = decoder.required("newDataType")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        let (column, type) = (dialect.name(column), DataType(type).sql)
        let table = dialect.qualified(table)
        return ["ALTER TABLE \(table) ALTER COLUMN \(column) TYPE \(type) USING (\(column)::\(type))"]
    }
}

/// `addAutoIncrement`: a sequence of the column's own as its default.
struct AddAutoIncrement: Change {
    static let name = "addAutoIncrement"

    var table: ObjectName
    var column: String
    var startWith: String?
    var incrementBy: String?

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        column = decoder.required("columnName")
        _ = decoder.string("columnDataType")
        startWith = decoder.integer("startWith")
        incrementBy = decoder.integer("incrementBy")
        _ = decoder.boolean("defaultOnNull")
        _ = decoder.string("generationType")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        var sequence = "\(table.name)_\(column)_seq"
        let isQuoted = dialect.name(table.name).begins(with: "\"") || dialect.name(column).begins(with: "\"")
        if !isQuoted { sequence = sequence.lowercased() }
        let qualified = dialect.qualified(table)
        let column = dialect.name(column)
        var create = "CREATE SEQUENCE  IF NOT EXISTS \(dialect.qualified(sequence, schema: table.schema))"
        if let startWith { create += " START WITH \(startWith)" }
        if let incrementBy { create += " INCREMENT BY \(incrementBy)" }
        let name = dialect.qualified(sequence, schema: table.schema)
        return [
            SQLStatement(create),
            "ALTER TABLE \(qualified) ALTER COLUMN  \(column) SET NOT NULL",
            "ALTER TABLE \(qualified) ALTER COLUMN  \(column) SET DEFAULT nextval('\(name)')",
            "ALTER SEQUENCE \(name) OWNED BY \(qualified).\(column)",
        ]
    }
}

/// `addDefaultValue`
struct AddDefaultValue: Change {
    static let name = "addDefaultValue"

    var table: ObjectName
    var column: String
    var type: String?
    var value: SQLValue?

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        column = decoder.required("columnName")
        type = decoder.string("columnDataType")
        _ = decoder.string("defaultValueConstraintName")
        let text = decoder.string("defaultValue").map { SQLValue.text($0) }
        let isTrue = decoder.boolean("defaultValueBoolean").map { SQLValue.boolean($0) }
        // Unlike in a column, the texts go into the checksum as they are written.
        let number = decoder.string("defaultValueNumeric").map { Self.number($0) }
        let date = decoder.string("defaultValueDate").map { text in
            ISODate.normalized(text).map { SQLValue.date($0) } ?? .expression(text)
        }
        let computed = decoder.string("defaultValueComputed").map { SQLValue.expression($0) }
        let schema = table.schema
        let next = decoder.string("defaultValueSequenceNext").map { SQLValue.nextValue(sequence: $0, schema: schema) }
        value = text ?? isTrue ?? number ?? date ?? computed ?? next
        if value == nil { decoder.report("a default value is required") }
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        guard let value else { return [] }
        let table = dialect.qualified(table)
        let column = dialect.name(column)
        let literal = value.literal(dialect, type: nil)
        var statements: [SQLStatement] = ["ALTER TABLE \(table) ALTER COLUMN  \(column) SET DEFAULT \(literal)"]
        if case .nextValue(let sequence, let schema) = value {
            let name = dialect.qualified(sequence, schema: schema)
            statements.append("ALTER SEQUENCE \(name) OWNED BY \(table).\(column)")
        }
        return statements
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? {
        ["ALTER TABLE \(dialect.qualified(table)) ALTER COLUMN \(dialect.name(column)) DROP DEFAULT"]
    }

    private static func number(_ text: String) -> SQLValue {
        guard let first = text.first, first.isNumber || first == "-" || first == "." else { return .expression(text) }
        guard let value = Double(text), value.magnitude < 1e15 else { return .number(text) }
        return .number(value == value.rounded() ? String(Int(value)) : String(value))
    }
}

/// `dropDefaultValue`
struct DropDefaultValue: Change {
    static let name = "dropDefaultValue"

    var table: ObjectName
    var column: String

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        column = decoder.required("columnName")
        _ = decoder.string("columnDataType")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        ["ALTER TABLE \(dialect.qualified(table)) ALTER COLUMN \(dialect.name(column)) DROP DEFAULT"]
    }
}
