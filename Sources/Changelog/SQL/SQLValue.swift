import Diagnostics

/// A value of a changelog on its way into SQL text.
public enum SQLValue: Sendable, Hashable {
    /// A text, written as a string literal. The word `null` in any case is the null value, as in Liquibase.
    case text(String)
    /// A number, as its author wrote it.
    case number(String)
    /// A truth value.
    case boolean(Bool)
    /// A date, time or timestamp in ISO form, `T` between date and time.
    case date(String)
    /// An expression, written as it is.
    case expression(String)
    /// The next value of a sequence.
    case nextValue(sequence: String, schema: String?)
    /// The current value of a sequence.
    case currentValue(sequence: String, schema: String?)
    /// The null value.
    case null

    /// The literal, as it stands in `INSERT` and `UPDATE`.
    public func literal(_ dialect: SQLDialect) -> String {
        switch self {
        case .null: "NULL"
        case .text(let text) where text.uppercased() == "NULL": "NULL"
        case .text(let text) where Self.looksLikeNow(text): text
        case .text(let text): Self.string(text)
        case .number(let text): text.uppercased() == "NULL" ? "NULL" : text
        case .boolean(let value): value ? "TRUE" : "FALSE"
        case .date(let text): Self.date(text)
        case .expression, .nextValue, .currentValue: function(dialect)
        }
    }

    /// The literal as the default of a column of a type, which decides how a text is written.
    public func literal(_ dialect: SQLDialect, type: DataType?) -> String {
        switch self {
        case .null: "NULL"
        case .expression, .nextValue, .currentValue: function(dialect)
        case .date(let text): Self.date(text)
        case .boolean(let value):
            type?.kind == .boolean || type == nil ? (value ? "TRUE" : "FALSE") : Self.plain(value, type)
        case .number(let text): type?.literal(number: text) ?? text
        case .text(let text): type?.literal(text: text) ?? Self.string(text)
        }
    }

    /// A string literal; quotes are doubled.
    static func string(_ text: String) -> String { text.quoted(by: "'") }

    private static func plain(_ value: Bool, _ type: DataType?) -> String {
        type?.literal(text: value ? "true" : "false") ?? (value ? "TRUE" : "FALSE")
    }

    private static func date(_ iso: String) -> String { "'\(iso.replacingFirst("T", with: " "))'" }

    private static func looksLikeNow(_ text: String) -> Bool {
        // The only functions that Liquibase recognises in a plain value on PostgreSQL.
        text.lowercased() == "now()" || text.begins(with: "to_date(")
    }

    private static func isCurrentTime(_ text: String) -> Bool {
        let lower = text.lowercased()
        return lower == "now()" || lower.begins(with: "current_timestamp") || lower.begins(with: "current_datetime")
    }

    private func function(_ dialect: SQLDialect) -> String {
        switch self {
        case .nextValue(let sequence, let schema):
            "nextval('\(dialect.qualified(sequence, schema: schema))')"
        case .currentValue(let sequence, let schema):
            "currval('\(dialect.qualified(sequence, schema: schema))')"
        case .expression(let text):
            Self.isCurrentTime(text) ? "NOW()" : text
        default: ""
        }
    }
}
