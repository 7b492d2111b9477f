/// Reads the words at the beginning of a statement: enough to tell the few kinds that matter here, and no parser.
struct StatementHead {
    private let bytes: [UInt8]
    private let tokens: [SQLToken]
    private var next = 0

    /// Reads no more than the beginning: statements may be long.
    init(_ text: some StringProtocol) {
        bytes = Array(text.utf8)
        tokens = Array(Self.words(of: bytes).prefix(32))
    }

    private static func words(of bytes: [UInt8]) -> some Sequence<SQLToken> {
        SQLTokenizer(bytes).lazy.filter { $0.kind != .whitespace && $0.kind != .comment }
    }

    /// Whether everything has been read.
    var isAtEnd: Bool { next >= tokens.count }

    /// The words, lower case, up to a number of them.
    func words(_ count: Int) -> [String] { tokens.prefix(count).map { word($0) } }

    /// Whether a word stands anywhere, outside of texts.
    func contains(_ word: String) -> Bool {
        Self.words(of: bytes).contains { $0.kind == .word && self.word($0) == word }
    }

    /// Passes over words when they stand next, all of them.
    mutating func take(_ words: String...) -> Bool {
        let found = tokens.dropFirst(next).prefix(words.count)
        guard found.count == words.count, zip(found, words).allSatisfy({ $0.kind == .word && word($0) == $1 }) else {
            return false
        }
        next += words.count
        return true
    }

    /// Passes over a name, with or without its schema, and gives it as it is written.
    mutating func takeName() -> String? {
        guard tokens.indices.contains(next), tokens[next].kind != .symbol else { return nil }
        let first = tokens[next]
        guard first.kind == .word || bytes[first.range.lowerBound] == UInt8(ascii: "\"") else { return nil }
        var end = first.range.upperBound
        next += 1
        while tokens.indices.contains(next) {
            let token = tokens[next]
            let isPoint = bytes[token.range.lowerBound] == UInt8(ascii: ".") || bytes[end - 1] == UInt8(ascii: ".")
            guard isPoint else { break }
            end = token.range.upperBound
            next += 1
        }
        return String(decoding: bytes[first.range.lowerBound..<end], as: UTF8.self)
    }

    /// Everything that has not been read.
    var rest: String {
        guard tokens.indices.contains(next) else { return "" }
        return String(decoding: bytes[tokens[next].range.lowerBound...], as: UTF8.self)
    }

    private func word(_ token: SQLToken) -> String {
        String(decoding: bytes[token.range].prefix(64), as: UTF8.self).lowercased()
    }
}
