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
    /// The content of the file that the text names, for long texts; nil when there is none.
    var content: String?

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
            guard let text = content ?? text else { return "NULL" }
            return asParameter ? "\(SQLValue.string(text))::varchar" : SQLValue.text(text).literal(dialect)
        case .blob where asParameter:
            guard let text else { throw ChangeFailure(message: "a column of type BLOB is empty") }
            return "lo_from_bytea(0, decode(\(SQLValue.string(text)), 'base64'))"
        default: break
        }
        let value = try type.value(text, defaults: defaults, schema: schema)
        if asParameter, case .text(let text) = value, type != .other {
            return SQLValue.string(text) + (type == .uuid ? "::uuid" : "::varchar")
        }
        return value.literal(dialect)
    }
}
