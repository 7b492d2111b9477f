import Diagnostics

/// Quoting, where a parameter cannot stand: names, and values in statements that take none (`COMMENT`, `SET`).
public enum SQL {
    /// A name as a quoted identifier.
    ///
    /// PostgreSQL cuts names after 63 bytes with no more than a notice; callers for whom two names must stay two
    /// check the length, as ``PostgresServer`` does.
    ///
    /// - Throws: ``PostgresError`` of kind `invalidArgument` for an empty name or one with a NUL.
    public static func identifier(_ name: String) throws -> String {
        guard !name.isEmpty else { throw PostgresError(.invalidArgument, "a name in SQL must not be empty") }
        try rejectNUL(in: name, "a name in SQL")
        return name.quoted(by: "\"")
    }

    /// A name with its schema, each quoted.
    public static func identifier(_ schema: String, _ name: String) throws -> String {
        "\(try identifier(schema)).\(try identifier(name))"
    }

    /// A text as a string literal that means the same under either setting of `standard_conforming_strings`.
    ///
    /// - Throws: ``PostgresError`` of kind `invalidArgument` when the text has a NUL.
    public static func literal(_ text: String) throws -> String {
        try rejectNUL(in: text, "a text in SQL")
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return text.quoted(by: "'") }
        // The space keeps the E from joining a word before it, as in libpq's own PQescapeLiteral.
        return " E" + text.replacingAll("\\", with: "\\\\").quoted(by: "'")
    }

    /// C takes a NUL for the end of a text: everything behind it would silently be lost.
    static func rejectNUL(in text: String, _ what: String) throws {
        guard !text.utf8.contains(0) else {
            throw PostgresError(.invalidArgument, "\(what) must not contain a NUL character")
        }
    }
}
