/// Definitions in a form that does not depend on the version of the server that wrote them.
///
/// The form is for comparing and hashing, not for running. What it evens out, and nothing else: blanks and line breaks;
/// quotes around names that only some versions take for keywords; and the qualifiers described at ``ViewQuery``. Versions
/// from 14 on agree in the rest. Version 13 writes `EXTRACT`, `AT TIME ZONE` and the like as calls of functions, which they
/// are there, and so differs.
enum CanonicalSQL {
    /// The form of an expression, a type or a statement.
    static func expression(_ text: String) -> String { tokens(text).joined(separator: " ") }

    /// The form of a view's query.
    static func view(_ text: String) -> String {
        ViewQuery(tokens: tokens(text)).unqualified.joined(separator: " ")
    }

    static func tokens(_ text: String) -> [String] { SQLTokens.tokens(of: text).map(unquoted) }

    /// A quoted name without its quotes, when it could stand without them but for being a keyword.
    private static func unquoted(_ token: String) -> String {
        guard token.utf8.first == UInt8(ascii: "\""), token.utf8.count > 2 else { return token }
        let name = token.utf8.dropFirst().dropLast()
        let isPlain = name.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "$"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: false
            }
        }
        guard isPlain, let first = name.first, !(0x30...0x39).contains(first), first != UInt8(ascii: "$"),
            let plain = String(name), plain != "true", plain != "false"
        else { return token }
        return plain
    }
}
