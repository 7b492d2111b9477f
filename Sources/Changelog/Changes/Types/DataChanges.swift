import Diagnostics

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

    func statements(_ dialect: SQLDialect) throws -> [SQLStatement] {
        let names = columns.map { dialect.name($0.name) }.joined(separator: ", ")
        var pieces: [TypedStatement.Piece] = [.text("INSERT INTO \(dialect.qualified(table)) (\(names)) VALUES (")]
        for (number, column) in columns.enumerated() {
            pieces += [.text(number == 0 ? "" : ", "), try files.piece(column, table, dialect)]
        }
        return [try files.statement(pieces + [.text(")")], table, dialect)]
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

    func statements(_ dialect: SQLDialect) throws -> [SQLStatement] {
        var pieces: [TypedStatement.Piece] = [.text("UPDATE \(dialect.qualified(table)) SET ")]
        // Liquibase sorts them by name, as Java sorts texts.
        for (number, column) in columns.sorted(by: { $0.name < $1.name }).enumerated() {
            let name = (number == 0 ? "" : ", ") + dialect.name(column.name)
            pieces += [.text(name + " = "), try files.piece(column, table, dialect)]
        }
        return [try files.statement(pieces + [.text(condition.clause(dialect))], table, dialect)]
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
        while let colon = rest.unicodeScalars.firstIndex(of: ":") {
            result += rest[..<colon]
            rest = rest[colon...]
            if rest.begins(with: ":name"), let name = names.popFirst() {
                result += dialect.name(name)
                rest = rest.dropFirst(":name".count)
            } else if rest.begins(with: ":value"), let value = values.popFirst() {
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
