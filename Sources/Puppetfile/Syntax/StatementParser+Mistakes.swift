import Diagnostics

extension StatementParser {
    /// Words of Ruby's that make a program of the file.
    private static let keywords: Set<String> = [
        "alias", "and", "begin", "BEGIN", "case", "class", "def", "do", "else", "elsif", "end", "END", "eval", "for",
        "if", "include", "load", "module", "or", "private", "puts", "raise", "require", "require_relative", "rescue",
        "return", "system", "undef", "unless", "until", "while", "yield",
    ]
    /// Declarations that other tools have.
    private static let elsewhere = ["metadata": "librarian-puppet reads it, r10k does not"]
    private static let adviceToWriteValues = "write the values themselves: the file is never run here"

    /// A statement that begins with no word.
    func misplaced(_ token: Token) -> Mistake {
        switch token.kind {
        case .symbol, .label, .text, .number, .leftBrace:
            guard let last = lastToken else { break }
            return Mistake(
                .missingComma, last.end, "a comma is missing at the end of this line, the next one goes on",
                hint: "put a comma here, or take the next line out", spoilsPrevious: true)
        case .arrow, .comma:
            return Mistake(
                .syntax, token.position, "a line cannot begin with \(token.kind.summary)",
                hint: "put it at the end of the line above", spoilsPrevious: true)
        default: break
        }
        return unexpected(instead: "a declaration", hint: "a line begins with mod, forge, moduledir or exclusion")
    }

    /// The last token before this one that is no end of a line.
    private var lastToken: Token? { tokens.prefix(index).last { $0.kind != .lineEnd && $0.kind != .semicolon } }

    /// A statement that begins with a word that is no declaration.
    func unknown(_ word: String, at token: Token) -> Mistake {
        if word == "end", said.contains(.notLiteral) {
            return Mistake(.notLiteral, token.position, "", isEcho: true)
        }
        if Self.keywords.contains(word) || isForeign(next) {
            return Mistake(
                .notLiteral, token.position, "\(word.quoted) begins what only running the file could tell",
                hint: Self.adviceToWriteValues)
        }
        let nearest = Suggestion.nearest(to: word, in: Self.declarations).map { "did you mean \($0)?" }
        return Mistake(
            .unknownDeclaration, token.position, "\(word.quoted) is no declaration of a Puppetfile",
            hint: Self.elsewhere[word] ?? nearest ?? "expected mod, forge, moduledir or exclusion")
    }

    /// Refuses a comma behind which nothing of its statement comes.
    func checkSomethingFollows(_ comma: Token) throws(Mistake) {
        switch current.kind {
        case .end, .semicolon: break
        case .word(let word) where isAtLineStart && Self.declarations.contains(word): break
        default: return
        }
        throw Mistake(
            .trailingComma, comma.position, "nothing follows this comma", hint: "take it out, or go on after it")
    }

    /// What stands here instead of what was expected.
    func unexpected(instead expected: String, hint: String? = nil) -> Mistake {
        let position = current.position
        switch current.kind {
        case .foreign(let what):
            return Mistake(
                .notLiteral, position, "\(what) has a value only when the file is run",
                hint: Self.adviceToWriteValues)
        case .leftParenthesis:
            return Mistake(
                .notLiteral, position, "an expression in parentheses is not worked out",
                hint: Self.adviceToWriteValues)
        case .word("latest"):
            return Mistake(.notLiteral, position, "'latest' is the name of something", hint: "write :latest")
        case .word(let word):
            return Mistake(
                .notLiteral, position, "\(word.quoted) has a value only when the file is run",
                hint: Self.adviceToWriteValues)
        case .unclosedText:
            return Mistake(
                .unclosedText, position, "the quote that opens here is not closed on its line",
                hint: "close it; a text has one line")
        case .conflictMarker(let isFirst):
            return Mistake(
                .conflictMarker, position, "a merge was committed with this conflict in it",
                hint: "keep one side and take the marks out",
                isEcho: !isFirst && said.contains(.conflictMarker))
        case .text, .symbol, .label, .number, .leftBrace:
            guard expected != "a value", expected != "a key", let last = lastToken else { break }
            return Mistake(.missingComma, last.end, "a comma is missing here", hint: "put one between the arguments")
        default: break
        }
        return Mistake(.syntax, position, "expected \(expected), found \(current.kind.summary)", hint: hint)
    }

    private func isForeign(_ token: Token) -> Bool { if case .foreign = token.kind { true } else { false } }
}

extension Token.Kind {
    /// What it is, in a few words for a message.
    var summary: String {
        switch self {
        case .word(let word): word.quoted
        case .label(let name): "the key \(name.shortened):"
        case .symbol(let name): "the symbol :\(name.shortened)"
        case .text(let text): "the text \(text.quoted)"
        case .number(let digits): "the number \(digits.shortened)"
        case .arrow: "=>"
        case .comma: "a comma"
        case .leftParenthesis: "("
        case .rightParenthesis: ")"
        case .leftBrace: "{"
        case .rightBrace: "}"
        case .semicolon: "a semicolon"
        case .lineEnd: "the end of the line"
        case .end: "the end of the file"
        case .conflictMarker: "a conflict"
        case .unclosedText: "a text that is not closed"
        case .foreign(let what): what
        }
    }
}
