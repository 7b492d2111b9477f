import CLibPgQuery

/// Why a text has no tree.
public struct SQLSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The parser's words, or which limit was reached.
    public let message: String
    /// The character, from 1, at which the parser stopped; nil when it is not about one.
    public let position: Int?
    /// Whether the text is over a limit rather than wrong.
    public let isLimit: Bool

    init(_ message: String, position: Int? = nil, isLimit: Bool = false) {
        self.message = message
        self.position = position
        self.isLimit = isLimit
    }

    init(_ error: PgQueryError) {
        self.init(
            error.message.map { String(cString: $0) } ?? "the parser does not say why",
            position: error.cursorpos > 0 ? Int(error.cursorpos) : nil)
    }

    /// The message, with the position.
    public var description: String { position.map { "\(message) (character \($0))" } ?? message }
}
