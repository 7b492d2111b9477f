/// How deep the tree of a text may become, at most, told from its tokens alone.
///
/// A token adds one level at most, and what commas and semicolons separate stands side by side. What brackets enclose
/// stands below the tokens around it, also below those that follow: `(a) + b + c` nests `a` under both additions. Joins
/// and set operations nest across the commas of their operands, so they count for the whole bracket.
enum NestingBound {
    private struct Level {
        /// Tokens since the last comma.
        var tokens = 0
        /// The deepest bracket since the last comma.
        var deepest = 0
        /// The deepest that commas have closed.
        var closed = 0
        /// Tokens that count across commas.
        var lasting = 0

        var bound: Int { lasting + max(closed, tokens + deepest) }

        mutating func separate() {
            closed = max(closed, tokens + deepest)
            tokens = 0
            deepest = 0
        }
    }

    private static let lasting: Set<String> = ["union", "intersect", "except", "join"]

    static func of(_ tokens: [ScanToken], in text: String) -> Int {
        var level = Level()
        var outer: [Level] = []
        for token in tokens {
            switch UInt8(exactly: token.kind) {
            case UInt8(ascii: "("), UInt8(ascii: "["):
                outer.append(level)
                level = Level()
            case UInt8(ascii: ")"), UInt8(ascii: "]"):
                let inner = level.bound + 1
                level = outer.popLast() ?? Level()
                level.deepest = max(level.deepest, inner)
                level.tokens += 1
            case UInt8(ascii: ","): level.separate()
            case UInt8(ascii: ";") where outer.isEmpty:
                level.closed = max(level.closed, level.bound)
                level.lasting = 0
                level.separate()
            default:
                level.tokens += 1
                guard token.isKeyword, lasting.contains(token.text(in: text).lowercased()) else { continue }
                level.lasting += 1
            }
        }
        // Brackets that are never closed are an error to the parser, but it has to be safe to find that out.
        return outer.reversed().reduce(level.bound) { inner, level in
            level.lasting + max(level.closed, level.tokens + max(level.deepest, inner + 1))
        }
    }
}
