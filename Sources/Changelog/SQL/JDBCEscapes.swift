import Diagnostics

/// What the JDBC driver makes of an author's statement before the server sees it.
///
/// Liquibase hands such text to the driver, which takes `?` for a parameter and `??` for the operator, and which knows
/// escapes such as `{d '2020-01-01'}`. So a changelog that works with it may hold both, and one that holds a bare `?`
/// fails there and must fail here.
///
/// It goes by bytes, as the server does: a combining mark behind a quote must not hide the quote.
enum JDBCEscapes {
    private typealias Bytes = ArraySlice<UInt8>

    private static let marks = Set("?{'\"$-/".utf8)

    /// The statement as the driver would send it.
    static func native(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "?")) || text.utf8.contains(UInt8(ascii: "{")) else { return text }
        var result: [UInt8] = []
        var parameters = 0
        var rest = Array(text.utf8)[...]
        while let mark = rest.firstIndex(where: marks.contains) {
            result += rest[..<mark]
            rest = rest[mark...]
            if let opaque = opaquePrefix(of: rest, after: result.last) {
                result += rest.prefix(opaque)
                rest = rest.dropFirst(opaque)
            } else if rest.starts(with: "??".utf8) {
                result.append(UInt8(ascii: "?"))
                rest = rest.dropFirst(2)
            } else if rest.first == UInt8(ascii: "?") {
                parameters += 1
                result += "$\(parameters)".utf8
                rest = rest.dropFirst()
            } else if let (sql, length) = escape(rest) {
                result += sql.utf8
                rest = rest.dropFirst(length)
            } else {
                result += rest.prefix(1)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: result + rest, as: UTF8.self)
    }

    /// The length of a string, quoted name, dollar quote or comment that begins here; nil when none does.
    private static func opaquePrefix(of text: Bytes, after previous: UInt8?) -> Int? {
        switch text.first {
        case UInt8(ascii: "'"):
            return closed(text, by: UInt8(ascii: "'"), escapes: previous.map { $0 | 0x20 } == UInt8(ascii: "e"))
        case UInt8(ascii: "\""): return closed(text, by: UInt8(ascii: "\""), escapes: false)
        case UInt8(ascii: "-") where text.starts(with: "--".utf8): return text.prefix { !isLineEnd($0) }.count
        case UInt8(ascii: "/") where text.starts(with: "/*".utf8): return comment(text)
        case UInt8(ascii: "$"): return dollarQuoted(text)
        default: return nil
        }
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    private static func closed(_ text: Bytes, by quote: UInt8, escapes: Bool) -> Int {
        var count = 1
        var isEscaped = false
        for byte in text.dropFirst() {
            count += 1
            if isEscaped {
                isEscaped = false
            } else if escapes, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == quote {
                return count
            }
        }
        return count
    }

    private static func comment(_ text: Bytes) -> Int {
        let body = text.dropFirst(2)
        let end = zip(body.indices, zip(body, body.dropFirst())).first {
            $0.1.0 == UInt8(ascii: "*") && $0.1.1 == UInt8(ascii: "/")
        }
        return end.map { $0.0 + 2 - text.startIndex } ?? text.count
    }

    private static func dollarQuoted(_ text: Bytes) -> Int? {
        let mark = UInt8(ascii: "$")
        let tag = text.dropFirst().prefix { isWord($0) }
        guard text.dropFirst(1 + tag.count).first == mark, tag.first.map(isDigit) != true else { return nil }
        let quote = text.prefix(tag.count + 2)
        var rest = text.dropFirst(quote.count)
        while let next = rest.firstIndex(of: mark) {
            if rest[next...].starts(with: quote) { return next + quote.count - text.startIndex }
            rest = rest[(next + 1)...]
        }
        return text.count
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
            || byte >= 0x80
    }

    /// `{d …}`, `{t …}`, `{ts …}`, `{oj …}` and `{fn …}` as the server's own SQL.
    private static func escape(_ text: Bytes) -> (String, Int)? {
        // No escape is longer; the limit keeps a row of opening braces from costing a search each.
        guard text.first == UInt8(ascii: "{"), let end = text.prefix(200).firstIndex(of: UInt8(ascii: "}")) else {
            return nil
        }
        let body = String(decoding: text[(text.startIndex + 1)..<end], as: UTF8.self)
        let words = [("ts", "TIMESTAMP "), ("d", "DATE "), ("t", "TIME "), ("oj", ""), ("fn", "")]
        for (word, sql) in words where body.lowercased().begins(with: word) {
            let rest = body.utf8.dropFirst(word.utf8.count)
            guard let next = rest.first, next == UInt8(ascii: " ") || next == UInt8(ascii: "'") else { continue }
            return (sql + String(Substring(rest)).trimmingSpace, end + 1 - text.startIndex)
        }
        return nil
    }
}
