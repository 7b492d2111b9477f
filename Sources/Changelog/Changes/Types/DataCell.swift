import Diagnostics

/// One value of a data file, with what its author says of its column.
struct DataCell: Sendable, Hashable {
    var column: String
    /// The text as it stands in the file.
    var text: String
    /// Whether it stands for the null value.
    var isNull: Bool
    /// The type as its author declares it; nil when the catalogs are to be asked.
    var type: LoadType?
    var defaults: LoadType.Defaults
    var allowsUpdate: Bool
    /// The content of the file that the text names, for long texts and bytes; nil when there is none.
    var content: [UInt8]?

    /// The type, once that of the column is known.
    func resolved(_ columnType: DataType?) -> LoadType { type ?? LoadType(column: columnType) }

    /// Whether Liquibase sends the row with parameters because of this value.
    func needsParameter(_ columnType: DataType?) -> Bool {
        !isNull && [.blob, .clob].contains(resolved(columnType))
    }

    /// The value as SQL text.
    ///
    /// - Parameter asParameter: Whether it is sent as a parameter: then a text has a type, and the server does not make a
    ///   number or a document of it.
    func literal(
        _ columnType: DataType?, schema: String?, asParameter: Bool, _ dialect: SQLDialect
    ) throws(ChangeFailure) -> String {
        guard !isNull else { return "NULL" }
        let type = resolved(columnType)
        let text = text.isEmpty ? defaults.text : text
        switch type {
        case .clob:
            guard let text = content.map({ String(decoding: $0, as: UTF8.self) }) ?? text else { return "NULL" }
            return asParameter ? "\(SQLValue.string(text))::varchar" : SQLValue.text(text).literal(dialect)
        case .blob where asParameter: return try object(text, columnType)
        default: break
        }
        let value = try type.value(text, defaults: defaults, schema: schema)
        if asParameter, case .text(let text) = value, type != .other {
            return SQLValue.string(text) + (type == .uuid ? "::uuid" : "::varchar")
        }
        return value.literal(dialect)
    }

    /// Bytes: the text itself says them in base 64, or it names a file. Only such a file may go into a column of bytes.
    private func object(_ text: String?, _ columnType: DataType?) throws(ChangeFailure) -> String {
        guard let text else { throw ChangeFailure(message: "a column of type BLOB is empty") }
        if Self.isBase64(text) { return "lo_from_bytea(0, decode(\(SQLValue.string(text)), 'base64'))" }
        guard let content else {
            throw ChangeFailure(message: "the file \"\(text.limited(to: 200))\" does not exist")
        }
        let digits = "'\\x\(content.hexadecimal)'"
        return columnType?.name.lowercased() == "bytea" ? digits : "lo_from_bytea(0, \(digits))"
    }

    /// Whether a text is whole in base 64, with its padding.
    static func isBase64(_ text: String) -> Bool {
        let digits = text.utf8.reversed().drop { $0 == UInt8(ascii: "=") }
        let padding = text.utf8.count - digits.count
        return text.utf8.count.isMultiple(of: 4) && padding <= 2
            && digits.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }
}
