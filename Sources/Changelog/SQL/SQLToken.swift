/// A piece of SQL text as Liquibase's grammar sees it.
struct SQLToken: Sendable, Hashable {
    /// What a piece is.
    enum Kind: Sendable, Hashable {
        case whitespace
        /// `-- …` up to the end of the line, or `/* … */`.
        case comment
        /// A literal or a quoted name: nothing in it counts.
        case quoted
        /// A word, or words joined by points.
        case word
        /// One other character.
        case symbol
    }

    let kind: Kind
    let range: Range<Int>
}

/// Cuts SQL text into tokens as Liquibase does, in one pass.
///
/// This is not PostgreSQL's own lexical structure: comments do not nest, a backslash escapes in every string, and a
/// dollar quote is no quote. It must be so, because where Liquibase cuts a function body in two, production fails, and
/// a candidate's database that accepts it would be worth nothing.
struct SQLTokenizer: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var position = 0
    /// Up to here no bracket closes on its line, and no comment closes at all: known from a search that failed.
    private var noBracketBefore = 0
    private var hasCommentEnd = true

    /// Makes a tokenizer of UTF-8 text.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> SQLToken? {
        guard position < bytes.count else { return nil }
        let start = position
        let kind = scan()
        return SQLToken(kind: kind, range: start..<position)
    }

    private mutating func scan() -> SQLToken.Kind {
        let byte = bytes[position]
        if Self.isSpace(byte) {
            skip(Self.isSpace)
            return .whitespace
        }
        if byte == UInt8(ascii: "-"), peek(1) == byte {
            skip { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            return .comment
        }
        if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*"), skipBlockComment() { return .comment }
        if let end = literalEnd(at: position) {
            position = end
            return .quoted
        }
        if Self.isDigit(byte) {
            skip { Self.isDigit($0) || $0 == UInt8(ascii: ".") }
            return .word
        }
        guard let end = nameEnd(at: position) else {
            position += 1
            return .symbol
        }
        let isQuoted = !Self.isWordStart(byte)
        position = end
        let isJoined = skipJoinedNames()
        return isQuoted && !isJoined ? .quoted : .word
    }

    private func peek(_ distance: Int) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    private mutating func skip(_ condition: (UInt8) -> Bool) {
        while position < bytes.count, condition(bytes[position]) { position += 1 }
    }

    private mutating func skipBlockComment() -> Bool {
        guard hasCommentEnd else { return false }
        var index = position + 2
        while index + 1 < bytes.count {
            if bytes[index] == UInt8(ascii: "*"), bytes[index + 1] == UInt8(ascii: "/") {
                position = index + 2
                return true
            }
            index += 1
        }
        hasCommentEnd = false
        return false
    }

    /// The end of a string that begins here, with its prefix such as `E`; nil when there is none.
    private func literalEnd(at start: Int) -> Int? {
        for prefix in Self.literalPrefixes where hasPrefix(prefix, at: start) {
            let open = start + prefix.count
            guard open < bytes.count else { continue }
            let quote = bytes[open]
            guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { continue }
            if let end = stringEnd(at: open, quote: quote) { return end }
        }
        return nil
    }

    private func hasPrefix(_ prefix: [UInt8], at start: Int) -> Bool {
        guard start + prefix.count <= bytes.count else { return false }
        return zip(bytes[start...], prefix).allSatisfy { ($0 | 0x20) == ($1 | 0x20) }
    }

    /// The longest string: a doubled quote and a backslash with what follows belong to it, as long as it is closed later.
    private func stringEnd(at open: Int, quote: UInt8) -> Int? {
        var index = open + 1
        var end: Int?
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\\") {
                if index + 1 < bytes.count, bytes[index + 1] == quote { end = index + 2 }
                index += 2
            } else if bytes[index] == quote {
                end = index + 1
                guard index + 1 < bytes.count, bytes[index + 1] == quote else { return end }
                index += 2
            } else {
                index += 1
            }
        }
        return end
    }

    /// The end of a name that begins here: a word, or one in backticks or brackets.
    private mutating func nameEnd(at start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        switch bytes[start] {
        case UInt8(ascii: "`"): return close(UInt8(ascii: "`"), after: start)
        case UInt8(ascii: "\""): return close(UInt8(ascii: "\""), after: start)
        case UInt8(ascii: "["):
            guard start + 1 < bytes.count, !Self.isDigit(bytes[start + 1]), start >= noBracketBefore else { return nil }
            return close(UInt8(ascii: "]"), after: start)
        case let byte where Self.isWordStart(byte):
            var index = start + 1
            while index < bytes.count, Self.isWordStart(bytes[index]) || Self.isDigit(bytes[index]) { index += 1 }
            return index
        default: return nil
        }
    }

    private mutating func close(_ mark: UInt8, after start: Int) -> Int? {
        var index = start + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n"), bytes[index] != UInt8(ascii: "\r") {
            if bytes[index] == mark { return index > start + 1 ? index + 1 : nil }
            index += 1
        }
        if mark == UInt8(ascii: "]") { noBracketBefore = index }
        return nil
    }

    /// `a . b . c` is one token.
    private mutating func skipJoinedNames() -> Bool {
        var isJoined = false
        while true {
            var index = afterBlanks(position)
            guard index < bytes.count, bytes[index] == UInt8(ascii: ".") else { return isJoined }
            index = afterBlanks(index + 1)
            guard let end = nameEnd(at: index) else { return isJoined }
            position = end
            isJoined = true
        }
    }

    private func afterBlanks(_ start: Int) -> Int {
        var index = start
        while index < bytes.count, [UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains(bytes[index]) {
            index += 1
        }
        return index
    }

    private static let literalPrefixes = ["_utf8", "RB", "U", "E", "N", "R", "B", ""].map { Array($0.utf8) }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isWordStart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "$"),
            UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "#"), 0x80...0xFF:
            true
        default: false
        }
    }
}
