/// `insert`: one row.
struct InsertData: Change {
    static let name = "insert"

    var table: ObjectName
    var columns: [ColumnDefinition]
    var dbms: String?
    private var files: ColumnFiles

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        columns = decoder.columns()
        dbms = decoder.string("dbms")
        files = ColumnFiles(columns, &decoder)
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        let names = columns.map { dialect.name($0.name) }.joined(separator: ", ")
        let values = columns.map { files.literal($0, table, dialect) }.joined(separator: ", ")
        return ["INSERT INTO \(dialect.qualified(table)) (\(names)) VALUES (\(values))"]
    }
}

/// `update`: rows that a condition picks.
struct UpdateData: Change {
    static let name = "update"

    var table: ObjectName
    var columns: [ColumnDefinition]
    private var condition: RowCondition
    private var files: ColumnFiles

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        columns = decoder.columns()
        condition = RowCondition(from: &decoder)
        files = ColumnFiles(columns, &decoder)
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        let settings = columns.map { "\(dialect.name($0.name)) = \(files.literal($0, table, dialect))" }
        let target = dialect.qualified(table)
        return ["UPDATE \(target) SET \(settings.joined(separator: ", "))\(condition.clause(dialect))"]
    }
}

/// `delete`: rows that a condition picks, or all.
struct DeleteData: Change {
    static let name = "delete"

    var table: ObjectName
    private var condition: RowCondition

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        condition = RowCondition(from: &decoder)
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        ["DELETE FROM \(dialect.qualified(table))\(condition.clause(dialect))"]
    }
}

/// The `where` of an update or delete, with its parameters `:name` and `:value`.
private struct RowCondition: Sendable {
    var text: String?
    var parameters: [ColumnDefinition] = []

    init(from decoder: inout ChangeDecoder) {
        text = decoder.string("where")?.trimmedOrNil
        if let text { decoder.record("where", .text(text)) }
        for list in decoder.elements("whereParams") {
            // Not part of the checksum: only the text with its places is.
            for node in list.children(named: "param") {
                parameters.append(decoder.nested(node) { ColumnDefinition(from: &$0) }.0)
            }
        }
    }

    func clause(_ dialect: SQLDialect) -> String {
        guard var rest = text?[...] else { return "" }
        var names = parameters.map(\.name).filter { !$0.isEmpty }[...]
        var values = parameters[...]
        var result = ""
        while let colon = rest.firstIndex(of: ":") {
            result += rest[..<colon]
            rest = rest[colon...]
            if rest.hasPrefix(":name"), let name = names.popFirst() {
                result += dialect.name(name)
                rest = rest.dropFirst(":name".count)
            } else if rest.hasPrefix(":value"), let value = values.popFirst() {
                result += value.value?.literal(dialect) ?? "NULL"
                rest = rest.dropFirst(":value".count)
            } else {
                result += ":"
                rest = rest.dropFirst()
            }
        }
        return " WHERE " + result + rest
    }
}

/// The contents of the files that columns name as their values.
struct ColumnFiles: Sendable {
    private var contents: [String: SQLValue] = [:]

    init(_ columns: [ColumnDefinition], _ decoder: inout ChangeDecoder) {
        for column in columns {
            guard let file = column.valueFile else { continue }
            // Such a path stands beside the changelog, or below the root when there is nothing beside it.
            let beside = decoder.context.path(file.path, relativeToChangelog: true)
            let isBeside = beside.flatMap { try? decoder.context.source.contents(of: $0) } != nil
            contents[file.path] = decoder.file(file.path, relative: isBeside).map {
                file.isBinary ? Self.bytes($0) : .text(String(decoding: $0, as: UTF8.self))
            }
        }
    }

    /// The column's value, whether it is written or stands in a file.
    func literal(_ column: ColumnDefinition, _ table: ObjectName, _ dialect: SQLDialect) -> String {
        if let file = column.valueFile, let value = contents[file.path] {
            if case .text(let text) = value { return SQLValue.string(text) }
            return value.literal(dialect)
        }
        switch column.value {
        case .nextValue(let sequence, nil):
            return SQLValue.nextValue(sequence: sequence, schema: table.schema).literal(dialect)
        case .currentValue(let sequence, nil):
            return SQLValue.currentValue(sequence: sequence, schema: table.schema).literal(dialect)
        case let value?: return value.literal(dialect)
        case nil: return "NULL"
        }
    }

    static func bytes(_ bytes: [UInt8]) -> SQLValue {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return .expression("'\\x\(String(decoding: text, as: UTF8.self))'")
    }
}
