import Diagnostics

/// The contents of the files that columns name as their values.
struct ColumnFiles: Sendable {
    private enum Content: Sendable {
        case text(String)
        case bytes([UInt8])
        case missing(String)
    }

    private var contents: [String: Content] = [:]

    init(_ columns: [ColumnDefinition], _ decoder: inout ChangeDecoder) {
        for column in columns {
            guard let file = column.valueFile else { continue }
            contents[file.path] = Self.content(of: file.path, isBinary: file.isBinary, column.encoding, &decoder)
        }
    }

    /// The column's value, whether it is written or stands in a file. Throws when there is no such file.
    func piece(
        _ column: ColumnDefinition, _ table: ObjectName, _ dialect: SQLDialect
    ) throws -> TypedStatement.Piece {
        switch column.valueFile.flatMap({ contents[$0.path] }) {
        case .text(let text): return .text(SQLValue.string(text))
        case .bytes(let bytes): return .bytes(bytes.hexadecimal, column: column.name)
        case .missing(let problem): throw ChangeFailure(message: problem)
        case nil: break
        }
        // With a file all values are sent as parameters, and a text among them is of a type: no number is made of it.
        if !contents.isEmpty, case .text(let text) = column.value { return .text("\(SQLValue.string(text))::varchar") }
        return .text(Self.literal(column.value, table, dialect))
    }

    /// The statement of those pieces; it depends on the columns' types only when bytes are among them.
    func statement(
        _ pieces: [TypedStatement.Piece], _ table: ObjectName, _ dialect: SQLDialect
    ) throws -> SQLStatement {
        var statement = try SQLStatement(TypedStatement(table: table, shape: .pieces(pieces), dialect: dialect))
        let hasBytes = pieces.contains { if case .bytes = $0 { true } else { false } }
        if !hasBytes { statement.role = .statement }
        return statement
    }

    private static func literal(_ value: SQLValue?, _ table: ObjectName, _ dialect: SQLDialect) -> String {
        switch value {
        case .nextValue(let sequence, nil):
            SQLValue.nextValue(sequence: sequence, schema: table.schema).literal(dialect)
        case .currentValue(let sequence, nil):
            SQLValue.currentValue(sequence: sequence, schema: table.schema).literal(dialect)
        case let value?: value.literal(dialect)
        case nil: "NULL"
        }
    }

    /// Such a path stands beside the changelog, or below the root when there is nothing beside it. Liquibase looks when
    /// the change's turn comes.
    private static func content(
        of path: String, isBinary: Bool, _ encoding: String?, _ decoder: inout ChangeDecoder
    ) -> Content {
        for isBeside in [true, false] {
            guard let bytes = decoder.context.content(ofFile: path, relativeToChangelog: isBeside) else { continue }
            if isBinary { return .bytes(bytes) }
            return decoder.text(bytes, encoding: encoding).map { .text($0) } ?? .missing("the file cannot be read")
        }
        return .missing("the file \"\(path.limited(to: 200))\" does not exist")
    }
}
