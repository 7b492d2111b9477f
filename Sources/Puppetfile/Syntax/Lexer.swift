/// Cuts a file into tokens, as Ruby does as far as literals go. Never fails: what is no literal becomes a token that says so.
struct Lexer {
    private let bytes: ArraySlice<UInt8>
    private var index: Int
    private var line = 1
    private var column = 1

    init(_ source: PuppetfileSource) {
        bytes = source.bytes
        index = source.bytes.startIndex
    }

    /// All tokens; the last one is the end.
    mutating func tokens() -> [Token] {
        var tokens: [Token] = []
        while true {
            let wasSpace = skipSpace()
            let start = position
            if isAtLineStart, skipEmbeddedDocument(&tokens) { continue }
            let kind = next()
            tokens.append(Token(kind: kind, position: start, end: position, isAdjacent: !wasSpace))
            if kind == .end { return tokens }
        }
    }

    private var position: Position { Position(line: line, column: column) }
    private var isAtLineStart: Bool { column == 1 }

    private mutating func next() -> Token.Kind {
        guard let byte = peek() else { return .end }
        if isAtLineStart {
            if isConflictMarker { return rest(of: .conflictMarker(isFirst: byte == UInt8(ascii: "<"))) }
            if restOfLine.elementsEqual("__END__".utf8) { return end() }
        }
        switch byte {
        case UInt8(ascii: "\n"): return single(.lineEnd)
        case UInt8(ascii: ";"): return single(.semicolon)
        case UInt8(ascii: ","): return single(.comma)
        case UInt8(ascii: "("): return single(.leftParenthesis)
        case UInt8(ascii: ")"): return single(.rightParenthesis)
        case UInt8(ascii: "{"): return single(.leftBrace)
        case UInt8(ascii: "}"): return single(.rightBrace)
        case UInt8(ascii: "="):
            guard peek(1) == UInt8(ascii: ">") else { return rest(of: .foreign("an assignment")) }
            advance(2)
            return .arrow
        case UInt8(ascii: ":"): return symbol()
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            let text = text(quote: byte)
            guard case .text(let name) = text, isLabelEnd else { return text }
            advance()
            return .label(name)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(run { Self.isWord($0) || $0 == UInt8(ascii: ".") })
        case _ where Self.isWordStart(byte):
            let word = run(Self.isWord)
            guard isLabelEnd else { return .word(word) }
            advance()
            return .label(word)
        default: return rest(of: .foreign(Self.name(of: byte)))
        }
    }

    private mutating func symbol() -> Token.Kind {
        advance()
        switch peek() {
        case let quote? where quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""):
            guard case .text(let name) = text(quote: quote) else { return rest(of: .foreign("a symbol")) }
            return .symbol(name)
        case let byte? where Self.isWordStart(byte):
            return .symbol(run(Self.isWord))
        default: return rest(of: .foreign("a colon"))
        }
    }

    /// A text in quotes. In single ones a backslash means something before a quote or another backslash only; in double
    /// ones only what stands for itself behind it is read.
    private mutating func text(quote: UInt8) -> Token.Kind {
        advance()
        var text: [UInt8] = []
        let isDouble = quote == UInt8(ascii: "\"")
        while let byte = peek(), byte != UInt8(ascii: "\n") {
            switch (byte, peek(1)) {
            case (quote, _):
                advance()
                return .text(String(decoding: text, as: UTF8.self))
            case (UInt8(ascii: "\\"), let escaped?) where escaped == quote || escaped == UInt8(ascii: "\\"):
                text.append(escaped)
                advance(2)
            case (UInt8(ascii: "\\"), _) where isDouble:
                return rest(of: .foreign("a backslash in a text"))
            case (UInt8(ascii: "#"), let next?)
            where isDouble && [UInt8(ascii: "{"), UInt8(ascii: "@"), UInt8(ascii: "$")].contains(next):
                return rest(of: .foreign("a text with a value put into it (#{…})"))
            default:
                text.append(byte)
                advance()
            }
        }
        return .unclosedText
    }

    /// Whether one colon follows: then what was read is a key.
    private var isLabelEnd: Bool { peek() == UInt8(ascii: ":") && peek(1) != UInt8(ascii: ":") }

    private var isConflictMarker: Bool {
        let line = restOfLine
        return ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].contains { mark in
            line.starts(with: mark.utf8) && (line.count == 7 || line.dropFirst(7).first == UInt8(ascii: " "))
        }
    }
}

extension Lexer {
    private func peek(_ distance: Int = 0) -> UInt8? {
        index + distance < bytes.endIndex ? bytes[index + distance] : nil
    }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count {
            guard let byte = peek() else { return }
            index += 1
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
    }

    /// What is left of the line, without a carriage return at its end.
    private var restOfLine: ArraySlice<UInt8> {
        let line = bytes[index...].prefix { $0 != UInt8(ascii: "\n") }
        return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }

    private mutating func single(_ kind: Token.Kind) -> Token.Kind {
        advance()
        return kind
    }

    private mutating func rest(of kind: Token.Kind) -> Token.Kind {
        while let byte = peek(), byte != UInt8(ascii: "\n") { advance() }
        return kind
    }

    private mutating func end() -> Token.Kind {
        index = bytes.endIndex
        return .end
    }

    private mutating func run(_ belongs: (UInt8) -> Bool) -> String {
        let start = index
        while let byte = peek(), belongs(byte) { advance() }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    /// Skips what separates tokens and comments; says whether there was anything.
    private mutating func skipSpace() -> Bool {
        let start = index
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0B, 0x0C: advance()
            case UInt8(ascii: "#"): _ = rest(of: .lineEnd)
            case UInt8(ascii: "\\") where peek(1) == UInt8(ascii: "\n"): advance(2)
            case UInt8(ascii: "\\") where peek(1) == UInt8(ascii: "\r") && peek(2) == UInt8(ascii: "\n"): advance(3)
            default: return index > start
            }
        }
        return index > start
    }

    /// Skips `=begin` … `=end`; says whether there was one. One without an end leaves a token that says so.
    private mutating func skipEmbeddedDocument(_ tokens: inout [Token]) -> Bool {
        guard isKeywordLine("=begin") else { return false }
        let start = position
        while peek() != nil {
            _ = rest(of: .lineEnd)
            advance()
            guard isKeywordLine("=end") else { continue }
            _ = rest(of: .lineEnd)
            return true
        }
        tokens.append(
            Token(kind: .foreign("=begin without =end"), position: start, end: position, isAdjacent: false))
        return true
    }

    private func isKeywordLine(_ keyword: String) -> Bool {
        let line = restOfLine
        guard line.starts(with: keyword.utf8) else { return false }
        return line.dropFirst(keyword.utf8.count).first.map { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            ?? true
    }

    private static func isWordStart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        isWordStart(byte) || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    private static func name(of byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "`"): "a command in backticks"
        case UInt8(ascii: "%"): "a literal with %"
        case UInt8(ascii: "["): "a list"
        case 0x80...: "a letter outside of quotes that is not ASCII"
        default: "the character \(Character(Unicode.Scalar(byte)))"
        }
    }
}
