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
    ///
    /// - Throws: `SluiceError` `changelog.expression-too-costly` for a delimiter that takes too many steps.
    public func split(_ text: String) throws -> [Piece] {
        let bytes = Array(text.utf8)
        let matcher = delimiter.map(DelimiterMatcher.init)
        var run = Run(bytes: bytes, matcher: matcher, splits: splits)
        // One token after the other: a list of them would be many times as long as the text.
        let tokens = SQLTokenizer(bytes).lazy.filter { !(stripsComments && $0.kind == .comment) }
        if let matcher {
            for token in matcher.merge(Array(tokens), bytes) { try run.take(token) }
        } else {
            for token in tokens { try run.take(token) }
        }
        return try run.finished()
    }
}

extension StatementSplitter {
    /// One pass over the tokens of one text.
    private struct Run {
        private let bytes: [UInt8]
        private var matcher: DelimiterMatcher?
        private let splits: Bool
        private var pieces: [Piece] = []
        private var current: [UInt8] = []
        private var line = 0
        private var startLine: Int?
        private var blocks = 0
        private var previous: SQLToken?
        private var counted = 0
        /// What waits for the next token that is no white space: only that says what a `begin` or `end` means.
        private var waiting: [SQLToken] = []

        init(bytes: [UInt8], matcher: DelimiterMatcher?, splits: Bool) {
            self.bytes = bytes
            self.matcher = matcher
            self.splits = splits
        }

        mutating func take(_ token: SQLToken) throws {
            guard !waiting.isEmpty else {
                if isBlockWord(token) { waiting = [token] } else { try process(token, next: nil) }
                return
            }
            guard token.kind != .whitespace else { return waiting.append(token) }
            try settle(next: token)
            try take(token)
        }

        mutating func finished() throws -> [Piece] {
            try settle(next: nil)
            finish()
            return pieces
        }

        private mutating func settle(next: SQLToken?) throws {
            let settled = waiting
            waiting = []
            for token in settled { try process(token, next: next) }
        }

        private mutating func process(_ token: SQLToken, next: SQLToken?) throws {
            countLines(in: counted..<token.range.lowerBound)
            if isBlockWord(token) { countBlocks(token, next: next) }
            if splits, blocks == 0, try isDelimiter(token) {
                finish()
            } else {
                append(token)
            }
            countLines(in: token.range)
            counted = token.range.upperBound
            previous = token
        }

        private mutating func isDelimiter(_ token: SQLToken) throws -> Bool {
            if matcher != nil { return try matcher?.matches(token, after: previous, bytes) ?? false }
            guard token.kind == .symbol || token.kind == .word, token.range.count <= 2 else { return false }
            if bytes[token.range].elementsEqual(CollectionOfOne(UInt8(ascii: ";"))) { return true }
            guard ["go", "/"].contains(word(token)) else { return false }
            return previous.map { bytes[$0.range].last == UInt8(ascii: "\n") } ?? true
        }

        private func isBlockWord(_ token: SQLToken) -> Bool {
            guard token.kind == .word, token.range.count == 5 || token.range.count == 3 else { return false }
            return ["begin", "end"].contains(word(token))
        }

        private mutating func countBlocks(_ token: SQLToken, next: SQLToken?) {
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
