/// Cuts the text of a `sql` change into the statements that are sent one by one, where Liquibase cuts it.
///
/// That is at `;`, at `GO` or `/` at the beginning of a line, or at the author's own delimiter, but not between `BEGIN`
/// and its `END`. See ``SQLTokenizer`` for what counts as a string. One pass, whatever the text is.
public struct StatementSplitter: Sendable, Hashable {
    /// A statement and where it begins.
    public struct Piece: Sendable, Hashable {
        /// The statement, trimmed, without its delimiter.
        public var text: String
        /// Lines before the statement's first one, from 0.
        public var lineOffset: Int
    }

    /// Whether the text is cut at all.
    public var splits: Bool
    /// Whether comments are left out.
    public var stripsComments: Bool
    /// The author's delimiter, a text or a regular expression such as `\n/`; nil for the usual ones.
    public var delimiter: String?

    /// Makes a splitter with Liquibase's defaults.
    public init(splits: Bool = true, stripsComments: Bool = false, delimiter: String? = nil) {
        self.splits = splits
        self.stripsComments = stripsComments
        self.delimiter = delimiter.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The statements of a text, in order.
    public func split(_ text: String) -> [Piece] {
        let bytes = Array(text.utf8)
        var tokens = SQLTokenizer(bytes).filter { !(stripsComments && $0.kind == .comment) }
        let matcher = delimiter.map(DelimiterMatcher.init)
        if let matcher { tokens = matcher.merge(tokens, bytes) }
        return Run(bytes: bytes, matcher: matcher, splits: splits).pieces(tokens)
    }
}

extension StatementSplitter {
    /// One pass over the tokens of one text.
    private struct Run {
        let bytes: [UInt8]
        let matcher: DelimiterMatcher?
        let splits: Bool
        private var pieces: [Piece] = []
        private var current: [UInt8] = []
        private var line = 0
        private var startLine: Int?
        private var blocks = 0

        init(bytes: [UInt8], matcher: DelimiterMatcher?, splits: Bool) {
            self.bytes = bytes
            self.matcher = matcher
            self.splits = splits
        }

        consuming func pieces(_ tokens: [SQLToken]) -> [Piece] {
            var next = tokens.count
            // What follows a word decides what it means; found from behind, it costs one pass.
            var following: [Int] = Array(repeating: tokens.count, count: tokens.count)
            for index in tokens.indices.reversed() {
                following[index] = next
                if tokens[index].kind != .whitespace { next = index }
            }
            var previous: SQLToken?
            var counted = 0
            for (index, token) in tokens.enumerated() {
                countLines(in: counted..<token.range.lowerBound)
                countBlocks(token, next: tokens.indices.contains(following[index]) ? tokens[following[index]] : nil)
                if splits, blocks == 0, isDelimiter(token, after: previous) {
                    finish()
                } else {
                    append(token)
                }
                countLines(in: token.range)
                counted = token.range.upperBound
                previous = token
            }
            finish()
            return pieces
        }

        private func isDelimiter(_ token: SQLToken, after previous: SQLToken?) -> Bool {
            if let matcher { return matcher.matches(token, after: previous, bytes) }
            guard token.kind == .symbol || token.kind == .word else { return false }
            if word(token) == ";" { return true }
            guard ["go", "/"].contains(word(token)) else { return false }
            return previous.map { bytes[$0.range].last == UInt8(ascii: "\n") } ?? true
        }

        private mutating func countBlocks(_ token: SQLToken, next: SQLToken?) {
            guard token.kind == .word else { return }
            let following = next.map(word) ?? ""
            let isTransaction = ["transaction", "trans", "tran"].contains(following)
            if word(token) == "begin", !isTransaction, !["dialog", "conversation", "distributed"].contains(following) {
                blocks += 1
            } else if word(token) == "end", !isTransaction, blocks > 0 {
                blocks -= 1
            }
        }

        private mutating func append(_ token: SQLToken) {
            if startLine == nil {
                guard token.kind != .whitespace else { return }
                startLine = line
            }
            current += bytes[token.range]
        }

        private mutating func finish() {
            let text = String(decoding: current, as: UTF8.self).trimmingSpace
            if !text.isEmpty { pieces.append(Piece(text: text, lineOffset: startLine ?? line)) }
            current.removeAll(keepingCapacity: true)
            startLine = nil
        }

        private mutating func countLines(in range: Range<Int>) {
            for byte in bytes[range] where byte == UInt8(ascii: "\n") { line += 1 }
        }

        private func word(_ token: SQLToken) -> String {
            String(decoding: bytes[token.range].prefix(16), as: UTF8.self).lowercased()
        }
    }
}
