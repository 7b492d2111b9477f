import Diagnostics

/// A line of a Puppetfile as it is written: a word with its arguments, all of them literals.
struct Statement: Hashable {
    /// A value, with the place where it stands.
    struct Value: Hashable {
        enum Literal: Hashable {
            case text(String)
            case symbol(String)
            case number(String)
            case truth(Bool)
            case null
        }

        let literal: Literal
        let position: Position
    }

    /// A key with its value.
    struct Pair: Hashable {
        let key: String
        /// Whether the key is a symbol: the only keys that r10k looks for.
        let isSymbol: Bool
        let position: Position
        let value: Value
    }

    /// What stands between commas; all pairs in a row are one argument.
    enum Argument: Hashable {
        case value(Value)
        case pairs([Pair], Position)

        var position: Position {
            switch self {
            case .value(let value): value.position
            case .pairs(_, let position): position
            }
        }
    }

    let word: String
    let position: Position
    let arguments: [Argument]
}

extension Statement.Value.Literal {
    /// What stands here, in a few words for a message.
    var summary: String {
        switch self {
        case .text(let text): "the text \(text.quoted)"
        case .symbol(let name): "the symbol :\(name.shortened)"
        case .number(let digits): "the number \(digits.shortened)"
        case .truth(let value): "\(value)"
        case .null: "nil"
        }
    }
}

extension String {
    /// At most sixty characters that do nothing to a terminal: fit for a message.
    var shortened: String { escaped(upTo: 60) }

    /// As ``shortened``, in quotes.
    var quoted: String { "'\(shortened)'" }
}
