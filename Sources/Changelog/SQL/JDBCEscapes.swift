/// What the JDBC driver makes of an author's statement before the server sees it.
///
/// Liquibase hands such text to the driver, which takes `?` for a parameter and `??` for the operator, and which knows
/// escapes such as `{d '2020-01-01'}`. So a changelog that works with it may hold both, and one that holds a bare `?`
/// fails there and must fail here.
enum JDBCEscapes {
    /// The statement as the driver would send it.
    static func native(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "?")) || text.utf8.contains(UInt8(ascii: "{")) else { return text }
        var result = ""
        var parameters = 0
        var rest = text[...]
        while let mark = rest.firstIndex(where: { "?{'\"$-/".contains($0) }) {
            result += rest[..<mark]
            rest = rest[mark...]
            if let opaque = opaquePrefix(of: rest, after: result.last) {
                result += rest.prefix(opaque)
                rest = rest.dropFirst(opaque)
            } else if rest.hasPrefix("??") {
                result += "?"
                rest = rest.dropFirst(2)
            } else if rest.first == "?" {
                parameters += 1
                result += "$\(parameters)"
                rest = rest.dropFirst()
            } else if let (sql, length) = escape(rest) {
                result += sql
                rest = rest.dropFirst(length)
            } else {
                result += rest.prefix(1)
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }

    /// The length of a string, quoted name, dollar quote or comment that begins here; nil when none does.
    private static func opaquePrefix(of text: Substring, after previous: Character?) -> Int? {
        switch text.first {
        case "'": return closed(text, by: "'", escapes: previous == "E" || previous == "e")
        case "\"": return closed(text, by: "\"", escapes: false)
        case "-" where text.hasPrefix("--"): return text.prefix { !$0.isNewline }.count
        case "/" where text.hasPrefix("/*"):
            guard let end = text.firstRange(of: "*/") else { return text.count }
            return text.distance(from: text.startIndex, to: end.upperBound)
        case "$":
            let tag = text.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            let quote = "$\(tag)$"
            guard text.hasPrefix(quote), tag.first?.isNumber != true else { return nil }
            let body = text.dropFirst(quote.count)
            guard let end = body.firstRange(of: quote) else { return text.count }
            return text.distance(from: text.startIndex, to: end.upperBound)
        default: return nil
        }
    }

    private static func closed(_ text: Substring, by quote: Character, escapes: Bool) -> Int {
        var count = 1
        var isEscaped = false
        for character in text.dropFirst() {
            count += 1
            if isEscaped {
                isEscaped = false
            } else if escapes, character == "\\" {
                isEscaped = true
            } else if character == quote {
                return count
            }
        }
        return count
    }

    /// `{d …}`, `{t …}`, `{ts …}`, `{oj …}` and `{fn …}` as the server's own SQL.
    private static func escape(_ text: Substring) -> (String, Int)? {
        // No escape is longer; the limit keeps a row of opening braces from costing a search each.
        guard text.first == "{", let end = text.prefix(200).firstIndex(of: "}") else { return nil }
        let body = text[text.index(after: text.startIndex)..<end]
        let length = text.distance(from: text.startIndex, to: end) + 1
        let words = [("ts", "TIMESTAMP "), ("d", "DATE "), ("t", "TIME "), ("oj", ""), ("fn", "")]
        for (word, sql) in words where body.lowercased().hasPrefix(word) {
            let rest = body.dropFirst(word.count)
            guard let next = rest.first, next == " " || next == "'" else { continue }
            return (sql + String(rest).trimmingSpace, length)
        }
        return nil
    }
}
