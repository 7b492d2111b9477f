/// Recognises an author's own statement delimiter, which Liquibase takes for a text and for a regular expression.
struct DelimiterMatcher {
    private let text: String
    private let bytes: [UInt8]
    private let expression: BoundedExpression?
    private var budget = BoundedExpression.Budget()
    /// The most bytes of a delimiter. Longer tokens are not looked at either, so that no expression sees much text.
    static let limit = 256

    init(_ delimiter: String) {
        text = delimiter.lowercased()
        bytes = Array(delimiter.utf8)
        let pattern = "[\\s\\n\\r]*(?:\(delimiter.lowercased()))"
        expression = delimiter.unicodeScalars.count > 1 ? BoundedExpression(pattern) : nil
    }

    /// Puts tokens together that make the delimiter: `@@`, `;;`, `$$;`.
    func merge(_ tokens: [SQLToken], _ source: [UInt8]) -> [SQLToken] {
        var merged: [SQLToken] = []
        var pending: [SQLToken] = []
        for token in tokens {
            guard let first = pending.first, let last = pending.last else {
                if bytes.starts(with: source[token.range]), !token.range.isEmpty {
                    pending.append(token)
                } else {
                    merged.append(token)
                }
                continue
            }
            let joined = first.range.lowerBound..<token.range.upperBound
            let isAdjacent = last.range.upperBound == token.range.lowerBound
            if isAdjacent, source[joined].elementsEqual(bytes) {
                merged.append(SQLToken(kind: .symbol, range: joined))
                pending = []
            } else if isAdjacent, bytes.starts(with: source[joined]) {
                pending.append(token)
            } else {
                merged += pending + [token]
                pending = []
            }
        }
        // What could begin a delimiter at the very end of the text is lost, as with Liquibase: the `/` of `END; /`.
        return merged
    }

    /// Whether a token is the delimiter, or completes it together with the one before.
    ///
    /// - Throws: `SluiceError` `changelog.expression-too-costly`.
    mutating func matches(_ token: SQLToken, after previous: SQLToken?, _ source: [UInt8]) throws -> Bool {
        guard token.range.count <= Self.limit else { return false }
        let piece = String(decoding: source[token.range], as: UTF8.self).lowercased()
        if text == "/" {
            guard previous.map({ source[$0.range].last == UInt8(ascii: "\n") }) ?? true else { return false }
        }
        if piece == text { return true }
        guard let expression, (previous?.range.count ?? 0) <= Self.limit else { return false }
        let before = previous.map { String(decoding: source[$0.range], as: UTF8.self).lowercased() } ?? "null"
        return try expression.matchesWhole(before + piece, &budget)
    }
}
