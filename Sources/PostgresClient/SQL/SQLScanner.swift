/// Walks over a script statement by statement; see ``SQLScript``.
///
/// It walks over bytes, as PostgreSQL's lexer does: every mark that means something is ASCII, and a byte above belongs to
/// a word.
struct SQLScanner {
    private let bytes: [UInt8]
    private var index = 0
    /// Open parentheses of the present statement: the body of `CREATE RULE … DO (…; …)` has semicolons.
    private var parentheses = 0
    /// Open `BEGIN ATOMIC` and `CASE` of the present statement.
    private var blocks = 0
    /// The present statement's latest word, lower case.
    private var lastWord = ""
    /// Whether the present statement began with `CREATE`.
    private var isCreate = false
    /// Whether it creates a function or procedure, whose body may be a `BEGIN ATOMIC … END`.
    private var isRoutine = false

    init(_ script: String) { bytes = Array(script.utf8) }

    /// The bytes of the next statement that is not empty, without its semicolon; nil at the end.
    mutating func nextStatement() -> Range<Int>? {
        (parentheses, blocks, lastWord, isCreate, isRoutine) = (0, 0, "", false, false)
        var start: Int?
        while let byte = peek() {
            if byte == UInt8(ascii: ";"), parentheses == 0, blocks == 0 {
                defer { index += 1 }
                if let start { return start..<index }
                continue
            }
            if skipBlank() { continue }
            if start == nil { start = index }
            skipToken(byte)
        }
        return start.map { $0..<bytes.count }
    }

    /// The next word, lower case; nil when anything else comes next. What is longer than any keyword is cut.
    mutating func nextWord() -> String? {
        while skipBlank() {}
        guard let byte = peek(), Self.startsWord(byte) else { return nil }
        let start = index
        skip(while: Self.continuesWord)
        return String(decoding: bytes[start..<min(index, start + 64)], as: UTF8.self).lowercased()
    }

    // MARK: Bytes

    private func peek(_ offset: Int = 0) -> UInt8? {
        index + offset < bytes.count ? bytes[index + offset] : nil
    }

    private func starts(with text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[min(index, bytes.count)...].starts(with: $0) }
    }

    private mutating func skip(while condition: (UInt8) -> Bool) {
        while let byte = peek(), condition(byte) { index += 1 }
    }

    // MARK: Tokens

    /// Skips white space or one comment; false when there is neither.
    private mutating func skipBlank() -> Bool {
        if starts(with: "--") {
            skip { $0 != UInt8(ascii: "\n") }
        } else if starts(with: "/*") {
            skipBlockComment()
        } else {
            let start = index
            skip { $0 == UInt8(ascii: " ") || (9...13).contains($0) }
            return index > start
        }
        return true
    }

    /// Block comments nest in PostgreSQL.
    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                index += 2
            } else if starts(with: "*/") {
                depth -= 1
                index += 2
            } else {
                index += 1
            }
        } while depth > 0 && index < bytes.count
        index = min(index, bytes.count)
    }

    private mutating func skipToken(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): skipQuoted(byte, escapes: false)
        case UInt8(ascii: "$"): skipDollarQuote()
        case UInt8(ascii: "("):
            parentheses += 1
            index += 1
        case UInt8(ascii: ")"):
            parentheses = max(0, parentheses - 1)
            index += 1
        case _ where Self.startsWord(byte): skipWord()
        // A number may have letters (`1e5`), but none of them begins a word: `1e'x'` is no escape string.
        case _ where Self.continuesWord(byte): skip(while: Self.continuesWord)
        default: index += 1
        }
    }

    /// A doubled mark inside stands for the mark; it reads here as two texts side by side, which end at the same place.
    private mutating func skipQuoted(_ mark: UInt8, escapes: Bool) {
        index += 1
        while let byte = peek() {
            index += escapes && byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == mark { break }
        }
        index = min(index, bytes.count)
    }

    private mutating func skipDollarQuote() {
        let mark = UInt8(ascii: "$")
        var length = 1
        while let byte = peek(length), byte != mark, Self.continuesWord(byte) { length += 1 }
        // `$1` is a parameter; `$$` and `$name$` open a text.
        guard peek(length) == mark, length == 1 || peek(1).map(Self.startsWord) == true else {
            index += 1
            return
        }
        let tag = bytes[index...(index + length)]
        index += tag.count
        while let byte = peek() {
            if byte == mark, bytes[index...].starts(with: tag) {
                index += tag.count
                return
            }
            index += 1
        }
    }

    private mutating func skipWord() {
        let start = index
        skip(while: Self.continuesWord)
        // No word that means anything here is longer than PROCEDURE.
        let word = index - start > 9 ? "?" : String(decoding: bytes[start..<index], as: UTF8.self).lowercased()
        if word == "e", peek() == UInt8(ascii: "'") { skipQuoted(UInt8(ascii: "'"), escapes: true) }
        // As psql does: BEGIN opens a body in CREATE FUNCTION and PROCEDURE only; elsewhere it opens a transaction.
        switch word {
        case "create" where lastWord.isEmpty: isCreate = true
        case "function", "procedure": isRoutine = isRoutine || (isCreate && ["create", "replace"].contains(lastWord))
        case "begin" where isRoutine, "case" where blocks > 0: blocks += 1
        case "end": blocks = max(0, blocks - 1)
        default: break
        }
        lastWord = word
    }

    private static func startsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    private static func continuesWord(_ byte: UInt8) -> Bool {
        startsWord(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "$")
    }
}
