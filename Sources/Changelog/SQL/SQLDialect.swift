import Diagnostics

/// How names of a changelog become names in SQL text: the quoting rules of one changeset and its default schema.
///
/// Liquibase's rules for PostgreSQL are followed to the letter, surprising ones too, because the text decides which
/// object is meant: under ``ChangeSet/QuotingStrategy/legacy`` the name `Person` is quoted and `PERSON` is not.
public struct SQLDialect: Sendable, Hashable {
    /// Which names are quoted.
    public var quoting: ChangeSet.QuotingStrategy
    /// The schema that is written before names that have none.
    public var defaultSchema: String

    /// Makes a dialect.
    public init(quoting: ChangeSet.QuotingStrategy = .legacy, defaultSchema: String = "public") {
        self.quoting = quoting
        self.defaultSchema = defaultSchema
    }

    /// A name without schema: a column, a constraint, an index at creation.
    public func name(_ name: String) -> String {
        if quoting == .legacy, Self.hasMixedCase(name) { return "\"\(name)\"" }
        if quoting == .quoteAllObjects || Self.mustQuote(name) {
            return Self.quoted(name).trimmingSpace
        }
        return name.trimmingSpace
    }

    /// A table, view, sequence or index with its schema.
    public func qualified(_ object: String, schema: String?) -> String {
        "\(name(schema?.trimmedOrNil ?? defaultSchema)).\(name(object))"
    }

    /// A column that may be an expression, as an index allows: `lower(name)` stays as it is.
    public func columnOrExpression(_ column: String) -> String {
        if quoting == .quoteAllObjects { return Self.quoted(column) }
        return column.holds("(") ? column : name(column)
    }

    /// A column in `CREATE TABLE`: a name with a parenthesis is still a name.
    public func tableColumn(_ column: String) -> String {
        if quoting == .quoteAllObjects || column.holds("(") { return Self.quoted(column) }
        return name(column)
    }

    /// A comma separated list of columns, each with an optional `ASC` or `DESC`.
    public func columns(_ list: String) -> String {
        list.words(at: ",").map { part in
            var column = String(part).trimmingSpace
            var suffix = ""
            if let bare = column.removingLastWord("desc") {
                column = bare
                suffix = " DESC"
            } else if let bare = column.removingLastWord("asc") {
                column = bare
            }
            return name(column) + suffix
        }.joined(separator: ", ")
    }

    /// The name as the catalogs hold it, for comparing with them.
    public func catalogName(_ name: String) -> String {
        if quoting == .quoteAllObjects { return name }
        let kept =
            name.holds("-") || Self.hasMixedCase(name) || Self.startsWithDigit(name) || Self.isReserved(name)
        return kept ? name : name.lowercased()
    }

    static func quoted(_ name: String) -> String { name.quoted(by: "\"") }

    private static func mustQuote(_ name: String) -> Bool {
        startsWithDigit(name) || isReserved(name) || name.utf8.contains { !isWordByte($0) }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func startsWithDigit(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count > 1 else { return false }
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    }

    private static func hasMixedCase(_ name: String) -> Bool {
        name.unicodeScalars.contains { $0.properties.isUppercase }
            && name.unicodeScalars.contains { $0.properties.isLowercase }
    }

    private static func isReserved(_ name: String) -> Bool { reservedWords.contains(name.uppercased()) }
}
