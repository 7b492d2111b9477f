/// The qualifiers of a view's query that depend on the server's version.
///
/// Where a query reads one relation only, versions before 16 write each column with the relation's name and later ones
/// mostly without. In subqueries, and where several relations are read, all versions write the name. So the name is
/// taken off where one version or another leaves it out, and nowhere else: there, it says nothing.
struct ViewQuery {
    private let tokens: [String]
    /// How many parentheses are open before each token; a parenthesis counts as outside of itself.
    private let depths: [Int]

    /// - Parameter tokens: the whole definition.
    init(tokens: [String]) {
        self.tokens = tokens
        var depth = 0
        depths = tokens.map { token in
            if token == ")" { depth -= 1 }
            defer { if token == "(" { depth += 1 } }
            return depth
        }
    }

    /// The tokens without such qualifiers.
    var unqualified: [String] {
        guard let alias = soleRelation else { return tokens }
        var kept: [String] = []
        var index = 0
        while index < tokens.count {
            if opensSubquery(index) {
                let end = endOfGroup(index)
                kept += tokens[index..<end]
                index = end
            } else if isQualifier(alias, at: index) {
                index += 2
            } else {
                kept.append(tokens[index])
                index += 1
            }
        }
        return kept
    }

    /// Whether a column's qualifier stands there: not a function's or a type's schema, and not a whole row.
    private func isQualifier(_ alias: String, at index: Int) -> Bool {
        guard token(index) == alias, token(index + 1) == ".", let column = token(index + 2), column != "*" else {
            return false
        }
        let before = token(index - 1)
        return before != "." && before != ":" && before != "COLLATE" && token(index + 3) != "("
            && Self.isName(column)
    }

    /// How the query calls the one relation that it reads; nil when it reads none or several.
    private var soleRelation: String? {
        guard let select = tokens.indices.first(where: { tokens[$0] == "SELECT" && depths[$0] == 0 }) else {
            return nil
        }
        let top = tokens.indices[select...].filter { depths[$0] == 0 }
        guard !top.contains(where: { ["UNION", "INTERSECT", "EXCEPT"].contains(tokens[$0]) }),
            let from = top.first(where: { tokens[$0] == "FROM" })
        else { return nil }
        let end = top.first { $0 > from && Self.clausesAfterFrom.contains(tokens[$0]) } ?? tokens.count
        guard !readsSeveral(from + 1..<end) else { return nil }
        return alias(from + 1..<end)
    }

    private static let clausesAfterFrom: Set = [
        "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", ";",
    ]

    /// Whether there is a comma or a join outside of subqueries.
    private func readsSeveral(_ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            if opensSubquery(index) {
                index = endOfGroup(index)
                continue
            }
            if tokens[index] == "JOIN" || tokens[index] == "," && depths[index] == 0 { return true }
            index += 1
        }
        return false
    }

    /// The name behind what is read, or its own last name.
    private func alias(_ range: Range<Int>) -> String? {
        var name: String?
        var index = range.lowerBound
        while index < range.upperBound {
            let token = tokens[index]
            if token == "TABLESAMPLE" { break }
            if token == "(" {
                // Behind a name these are a function's arguments or a relation's column names.
                index = endOfGroup(index)
                continue
            }
            if Self.isName(token) { name = token }
            index += 1
        }
        return name
    }

    // MARK: Tokens

    private func token(_ index: Int) -> String? { tokens.indices.contains(index) ? tokens[index] : nil }

    private func opensSubquery(_ index: Int) -> Bool {
        guard token(index) == "(", let next = token(index + 1) else { return false }
        return next == "SELECT" || next == "WITH" || next == "VALUES"
    }

    /// The index behind the parenthesis that closes the one at `start`.
    private func endOfGroup(_ start: Int) -> Int {
        var depth = 0
        for index in tokens.indices[start...] {
            if tokens[index] == "(" { depth += 1 }
            if tokens[index] == ")" { depth -= 1 }
            if depth == 0 { return index + 1 }
        }
        return tokens.count
    }

    /// Whether a token is a name: keywords of queries are written in capitals, and names with capitals are quoted.
    private static func isName(_ token: String) -> Bool {
        guard let first = token.utf8.first else { return false }
        return first == UInt8(ascii: "\"") || first == UInt8(ascii: "_") || first >= 0x80
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
    }
}
