/// Rows of a file of separated values, by the rules of RFC 4180 as Liquibase's reader understands them.
///
/// A value is quoted when a quote is its very first character; a doubled quote is a quote; a quoted value may hold line
/// ends. A backslash means nothing, white space stays.
struct CSVReader {
    /// A quoted value is never closed.
    struct Unterminated: Error {}

    var separator: Unicode.Scalar = ","
    var quote: Unicode.Scalar? = "\""

    private typealias Text = Substring.UnicodeScalarView

    /// All rows in order; an empty line is a row with one empty value.
    func rows(_ text: String) throws(Unterminated) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var pending: String?
        var lines = LineSequence(text)
        while let line = lines.next() {
            let whole = pending.map { Substring($0 + "\n" + line) } ?? line
            pending = nil
            var values = split(whole.unicodeScalars)
            if let last = values.last, isOpen(last) {
                pending = String(last)
                values.removeLast()
            }
            row += values.map(unquoted)
            if pending == nil {
                rows.append(row)
                row = []
            }
        }
        guard pending == nil else { throw Unterminated() }
        return rows
    }

    /// The raw values of a line, quotes and all.
    private func split(_ line: Text) -> [Text] {
        var values: [Text] = []
        var rest = line
        while true {
            let isQuoted = quote.map { rest.first == $0 } ?? false
            let end = isQuoted ? endOfQuoted(rest) : rest.firstIndex(of: separator) ?? rest.endIndex
            values.append(rest[..<end])
            guard end < rest.endIndex else { return values }
            rest = rest[rest.index(after: end)...]
        }
    }

    /// The separator behind a quoted value: the first one that follows a quote which is not one of a pair.
    private func endOfQuoted(_ text: Text) -> Text.Index {
        guard let quote else { return text.endIndex }
        var index = text.index(after: text.startIndex)
        while let close = text[index...].firstIndex(of: quote) {
            let next = text.index(after: close)
            guard next < text.endIndex else { return next }
            if text[next] == separator { return next }
            index = text[next] == quote ? text.index(after: next) : next
        }
        return text.endIndex
    }

    /// Whether a quoted value goes on in the next line.
    private func isOpen(_ value: Text) -> Bool {
        guard let quote, value.first == quote else { return false }
        let trailing = value.dropFirst().reversed().prefix { $0 == quote }.count
        return trailing.isMultiple(of: 2)
    }

    private func unquoted(_ value: Text) -> String {
        guard let quote, value.contains(quote) else { return String(Substring(value)) }
        var text = value
        if text.first == quote, text.count > 1 {
            text = text.dropFirst()
            if text.last == quote { text = text.dropLast() }
        }
        let mark = String(quote)
        let result = String(Substring(text)).replacingAll(mark + mark, with: mark)
        return result == mark ? "" : result
    }
}
