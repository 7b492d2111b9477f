/// Makes statements of tokens. A mistake ends its statement only: reading goes on at the next declaration.
struct StatementParser {
    let tokens: [Token]
    private(set) var index = 0
    /// What was said already: one cause is said once.
    private(set) var said: Set<PuppetfileFindingCode> = []

    init(_ lexer: Lexer) {
        var lexer = lexer
        tokens = lexer.tokens()
    }

    /// The words that begin a statement.
    static let declarations = ["mod", "forge", "moduledir", "exclusion"]

    /// The statements that can be read.
    mutating func statements(_ findings: inout PuppetfileFindings) -> [Statement] {
        var statements: [Statement] = []
        while !findings.isFull {
            while current.kind == .lineEnd || current.kind == .semicolon { advance() }
            if current.kind == .end { break }
            let start = index
            do {
                statements.append(try statement())
            } catch {
                said.insert(error.code)
                if error.spoilsPrevious { statements.removeLast(statements.isEmpty ? 0 : 1) }
                if !error.isEcho { findings.report(error.code, at: error.position, error.message, hint: error.hint) }
                recover(from: start)
            }
        }
        return statements
    }

    // MARK: Statements

    private mutating func statement() throws(Mistake) -> Statement {
        let start = current
        guard case .word(let word) = start.kind else { throw misplaced(start) }
        guard Self.declarations.contains(word) else { throw unknown(word, at: start) }
        advance()
        let arguments: [Statement.Argument]
        if current.kind == .leftParenthesis {
            guard current.isAdjacent else {
                throw Mistake(
                    .syntax, current.position, "a space between \(word) and its parenthesis changes what Ruby reads",
                    hint: "write \(word)(…)")
            }
            arguments = try parenthesized(of: word)
        } else {
            arguments = try isAtEnd ? [] : list(closing: nil)
        }
        guard isAtEnd else { throw unexpected(instead: "the end of the line") }
        return Statement(word: word, position: start.position, arguments: arguments)
    }

    private mutating func parenthesized(of word: String) throws(Mistake) -> [Statement.Argument] {
        advance()
        skipLineBreaks()
        let arguments = try current.kind == .rightParenthesis ? [] : list(closing: .rightParenthesis)
        skipLineBreaks()
        guard current.kind == .rightParenthesis else { throw unexpected(instead: "a comma or )") }
        advance()
        return arguments
    }

    /// Arguments between commas. Behind the last one a comma may stand only where something closes the list.
    private mutating func list(closing: Token.Kind?) throws(Mistake) -> [Statement.Argument] {
        var arguments: [Statement.Argument] = []
        var pairs: [Statement.Pair] = []
        while true {
            if current.kind == .leftBrace, pairs.isEmpty {
                arguments.append(try braced())
            } else if let pair = try pair() {
                pairs.append(pair)
            } else if pairs.isEmpty {
                arguments.append(.value(try value()))
            } else {
                throw unexpected(instead: "a key", hint: "what has no key stands before what has one")
            }
            guard current.kind == .comma else { break }
            let comma = current
            advance()
            skipLineBreaks()
            if current.kind == closing { break }
            try checkSomethingFollows(comma)
        }
        if let first = pairs.first { arguments.append(.pairs(pairs, first.position)) }
        return arguments
    }

    private mutating func braced() throws(Mistake) -> Statement.Argument {
        let start = current.position
        advance()
        var pairs: [Statement.Pair] = []
        skipLineBreaks()
        while current.kind != .rightBrace {
            guard let pair = try pair() else { throw unexpected(instead: "a key") }
            pairs.append(pair)
            if current.kind == .comma {
                advance()
                skipLineBreaks()
            } else {
                skipLineBreaks()
                guard current.kind == .rightBrace else { throw unexpected(instead: "a comma or }") }
            }
        }
        advance()
        return .pairs(pairs, start)
    }

    private mutating func pair() throws(Mistake) -> Statement.Pair? {
        let start = current
        let key: (name: String, isSymbol: Bool)
        switch start.kind {
        case .label(let name):
            advance()
            skipLineBreaks()
            return Statement.Pair(key: name, isSymbol: true, position: start.position, value: try value())
        case .symbol(let name) where next.kind == .arrow: key = (name, true)
        case .text(let name) where next.kind == .arrow: key = (name, false)
        default: return nil
        }
        advance(2)
        skipLineBreaks()
        return Statement.Pair(key: key.name, isSymbol: key.isSymbol, position: start.position, value: try value())
    }

    private mutating func value() throws(Mistake) -> Statement.Value {
        let literal: Statement.Value.Literal
        switch current.kind {
        case .text(let text): literal = .text(text)
        case .symbol(let name): literal = .symbol(name)
        case .number(let digits): literal = .number(digits)
        case .word("true"): literal = .truth(true)
        case .word("false"): literal = .truth(false)
        case .word("nil"): literal = .null
        default: throw unexpected(instead: "a value")
        }
        let position = current.position
        advance()
        return Statement.Value(literal: literal, position: position)
    }

    // MARK: Tokens

    var current: Token { token(index) }
    var next: Token { token(index + 1) }

    /// The token at a place; beyond all of them it is the end.
    private func token(_ index: Int) -> Token {
        if index < tokens.count { return tokens[index] }
        let last = tokens.last?.end ?? Position(line: 1, column: 1)
        return Token(kind: .end, position: last, end: last, isAdjacent: false)
    }

    private mutating func advance(_ count: Int = 1) { index = min(index + count, tokens.count) }

    private var isAtEnd: Bool { [.lineEnd, .semicolon, .end].contains(current.kind) }

    /// Skips ends of lines inside of a statement.
    private mutating func skipLineBreaks() { while current.kind == .lineEnd { advance() } }

    /// Goes to the next line that begins with a declaration, or with what no statement could go on with.
    private mutating func recover(from start: Int) {
        while current.kind != .end {
            if index > start, isAtLineStart {
                switch current.kind {
                case .word(let word) where Self.declarations.contains(word): return
                case .conflictMarker, .foreign: return
                default: break
                }
            }
            advance()
        }
    }

    var isAtLineStart: Bool { index == 0 || token(index - 1).kind == .lineEnd }
}
