import Diagnostics

/// One expression of contexts or labels: words joined by `and`, `or`, `not`, `!` and parentheses.
///
/// The meaning is Liquibase's, corner by corner. A word holds when it is among the items. Without any item every word
/// holds, except one that is required by `@`. A word that is written oddly (`a b`) is one word that nothing matches.
struct FilterExpression: Sendable, Hashable {
    private indirect enum Term: Sendable, Hashable {
        case word(String)
        case group(Term)
        case not(Term)
        case required(Term)
        case any([Term])
        case all([Term])
    }

    private let term: Term

    /// Nil when the parentheses do not match.
    init?(_ text: String) {
        var parser = Parser(text.lowercased())
        guard let term = parser.parse() else { return nil }
        self.term = term
    }

    /// Whether the expression holds for these items, which are in lower case.
    func holds(for items: Set<String>) -> Bool {
        let bare = Set(items.map { $0.begins(with: "@") ? $0.dropFirst().javaTrimmed : $0 })
        return Self.holds(term, items: bare)
    }

    private static func holds(_ term: Term, items: Set<String>) -> Bool {
        switch term {
        case .any(let terms): terms.contains { holds($0, items: items) }
        case .all(let terms): terms.allSatisfy { holds($0, items: items) }
        case .not(.required(let inner)): !isPresent(inner, items: items)
        case .required(let inner): isPresent(inner, items: items)
        case .not(let inner): items.isEmpty || !isPresent(inner, items: items)
        case .word, .group: items.isEmpty || isPresent(term, items: items)
        }
    }

    private static func isPresent(_ term: Term, items: Set<String>) -> Bool {
        switch term {
        case .word(let word): items.contains(word)
        case .group(let inner): holds(inner, items: items)
        case .not, .required, .any, .all: holds(term, items: items)
        }
    }
}

extension FilterExpression {
    /// Reads words and groups; `or` binds weaker than `and`.
    private struct Parser {
        private enum Token {
            case word(String)
            case group(Term)
        }

        private static let depthLimit = 50
        private var rest: Substring

        init(_ text: String) { rest = text[...] }

        mutating func parse() -> Term? {
            guard let tokens = tokens(depth: 0), rest.isEmpty else { return nil }
            return Self.term(tokens)
        }

        /// Everything up to the closing parenthesis of this level, or to the end at the outermost one.
        private mutating func tokens(depth: Int) -> [Token]? {
            guard depth <= Self.depthLimit else { return nil }
            var tokens: [Token] = []
            var word = ""
            func flush() {
                if !word.isEmpty { tokens.append(.word(word)) }
                word = ""
            }
            while let character = rest.first {
                if character == ")", depth > 0 {
                    flush()
                    return tokens
                }
                rest.removeFirst()
                switch character {
                case "(":
                    flush()
                    guard let inner = self.tokens(depth: depth + 1), rest.first == ")" else { return nil }
                    rest.removeFirst()
                    tokens.append(.group(Self.term(inner)))
                case " ", "\t", "\n", "\r", "\r\n":
                    flush()
                default: word.append(character)
                }
            }
            flush()
            return depth == 0 ? tokens : nil
        }

        private static func term(_ tokens: [Token]) -> Term {
            let either = split(tokens, at: "or")
            if either.count > 1 { return .any(either.map(term)) }
            let both = split(tokens, at: "and")
            if both.count > 1 { return .all(both.map(term)) }
            return operand(tokens)
        }

        /// A keyword separates only when something stands on either side of it; otherwise it is a word.
        private static func split(_ tokens: [Token], at keyword: String) -> [[Token]] {
            var parts: [[Token]] = [[]]
            for (index, token) in tokens.enumerated() {
                if case .word(keyword) = token, parts.last?.isEmpty == false, index < tokens.count - 1 {
                    parts.append([])
                } else {
                    parts[parts.count - 1].append(token)
                }
            }
            return parts
        }

        private static func operand(_ tokens: [Token]) -> Term {
            guard case .word(let word)? = tokens.first else {
                if tokens.count == 1, case .group(let term)? = tokens.first { return .group(term) }
                return .word(text(tokens[...]))
            }
            if word == "not", tokens.count > 1 { return .not(unnegated(Array(tokens.dropFirst()))) }
            if word.begins(with: "!") { return .not(unnegated(dropping(1, of: word, tokens))) }
            if word.begins(with: "@") {
                let inner = dropping(1, of: word, tokens)
                // "@!a" and "@not a" mean "not a": the sign is lost.
                if case .word(let next)? = inner.first {
                    if next.begins(with: "!"), next.count > 1 || inner.count > 1 {
                        return .not(plain(dropping(1, of: next, inner)))
                    }
                    if next == "not", inner.count > 1 { return .not(plain(Array(inner.dropFirst()))) }
                }
                return .required(plain(inner))
            }
            return .word(text(tokens[...]))
        }

        /// What follows a negation: one more `@` counts, one more negation does not.
        private static func unnegated(_ tokens: [Token]) -> Term {
            if case .word(let word)? = tokens.first, word.begins(with: "@") {
                return .required(plain(dropping(1, of: word, tokens)))
            }
            return plain(tokens)
        }

        private static func plain(_ tokens: [Token]) -> Term {
            if tokens.count == 1, case .group(let term)? = tokens.first { return .group(term) }
            return .word(text(tokens[...]))
        }

        private static func dropping(_ count: Int, of word: String, _ tokens: [Token]) -> [Token] {
            let shorter = String(word.dropFirst(count))
            return (shorter.isEmpty ? [] : [.word(shorter)]) + tokens.dropFirst()
        }

        /// Words as they were written, one blank between them. A group among words is part of no word.
        private static func text(_ tokens: ArraySlice<Token>) -> String {
            tokens.map { token in if case .word(let word) = token { word } else { "()" } }.joined(separator: " ")
        }
    }
}
