/// Walks over a script statement by statement; see ``SQLScript``.
struct SQLScanner {
    private let text: String.UnicodeScalarView
    private var index: String.Index
    /// Open parentheses of the present statement: the body of `CREATE RULE … DO (…; …)` has semicolons.
    private var parentheses = 0
    /// Open `BEGIN ATOMIC` and `CASE` of the present statement.
    private var blocks = 0
    /// The present statement's latest words, lower case, for recognising `BEGIN ATOMIC`.
    private var lastWord = ""
    private var isRoutine = false
    private var isCreate = false

    init(_ script: String) {
        text = script.unicodeScalars
        index = text.startIndex
    }

    /// The range of the next statement that is not empty; nil at the end.
    mutating func nextStatement() -> Range<String.Index>? {
        (parentheses, blocks, lastWord, isRoutine, isCreate) = (0, 0, "", false, false)
        var start: String.Index?
        while let scalar = peek() {
            let tokenStart = index
            if scalar == ";", parentheses == 0, blocks == 0 {
                advance()
                if let start { return start..<tokenStart }
                continue
            }
            if skipBlank() { continue }
            if start == nil { start = tokenStart }
            skipToken(scalar)
        }
        return start.map { $0..<text.endIndex }
    }

    // MARK: Characters

    private func peek(_ offset: Int = 0) -> Unicode.Scalar? {
        guard let position = text.index(index, offsetBy: offset, limitedBy: text.endIndex), position < text.endIndex
        else { return nil }
        return text[position]
    }

    private mutating func advance(_ count: Int = 1) {
        index = text.index(index, offsetBy: count, limitedBy: text.endIndex) ?? text.endIndex
    }

    private mutating func skip(while condition: (Unicode.Scalar) -> Bool) {
        while let scalar = peek(), condition(scalar) { advance() }
    }

    // MARK: Tokens

    /// Skips white space or one comment; false when there is neither.
    private mutating func skipBlank() -> Bool {
        switch (peek(), peek(1)) {
        case ("-", "-"): skip { $0 != "\n" }
        case ("/", "*"): skipBlockComment()
        case (let scalar?, _) where scalar.properties.isWhitespace: advance()
        default: return false
        }
        return true
    }

    /// Block comments nest in PostgreSQL.
    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            switch (peek(), peek(1)) {
            case ("/", "*"):
                depth += 1
                advance(2)
            case ("*", "/"):
                depth -= 1
                advance(2)
            case (nil, _): return
            default: advance()
            }
        } while depth > 0
    }

    private mutating func skipToken(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "'": skipQuoted("'", escapes: false)
        case "\"": skipQuoted("\"", escapes: false)
        case "$": skipDollarQuote()
        case "(":
            parentheses += 1
            advance()
        case ")":
            parentheses = max(0, parentheses - 1)
            advance()
        case _ where Self.startsWord(scalar): skipWord()
        default: advance()
        }
    }

    /// A doubled mark inside stands for the mark; it reads here as two strings side by side, which ends at the same place.
    private mutating func skipQuoted(_ mark: Unicode.Scalar, escapes: Bool) {
        advance()
        while let scalar = peek() {
            advance(escapes && scalar == "\\" ? 2 : 1)
            if scalar == mark { return }
        }
    }

    private mutating func skipDollarQuote() {
        var length = 1
        while let scalar = peek(length), Self.continuesWord(scalar), scalar != "$" { length += 1 }
        let second = peek(1)
        guard peek(length) == "$", second == "$" || second.map(Self.startsWord) == true else { return advance() }
        let end = text.index(index, offsetBy: length + 1)
        let tag = Array(text[index..<end])
        index = end
        while let scalar = peek() {
            if scalar == "$", text[index...].starts(with: tag) { return advance(tag.count) }
            advance()
        }
    }

    private mutating func skipWord() {
        let start = index
        skip(while: Self.continuesWord)
        let word = String(text[start..<index]).lowercased()
        if peek() == "'", word == "e" { skipQuoted("'", escapes: true) }
        // As psql does: only in CREATE FUNCTION and PROCEDURE does BEGIN open a body; elsewhere it opens a transaction.
        switch word {
        case "create" where lastWord.isEmpty: isCreate = true
        case "function", "procedure": isRoutine = isRoutine || (isCreate && ["create", "replace"].contains(lastWord))
        case "begin", "case": if isRoutine, word == "begin" || blocks > 0 { blocks += 1 }
        case "end": blocks = max(0, blocks - 1)
        default: break
        }
        lastWord = word
    }

    private static func startsWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar.value >= 0x80
    }

    private static func continuesWord(_ scalar: Unicode.Scalar) -> Bool {
        startsWord(scalar) || ("0"..."9").contains(scalar) || scalar == "$"
    }
}
