import Diagnostics

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
        // Shared by all empty lines, of which a file may have millions.
        let empty = [""]
        var rows: [[String]] = []
        var row: [String] = []
        // A quoted value that the next line goes on with. No end is in it, so it is never looked at again.
        var open: String?
        var lines = LineSequence(text)
        while let line = lines.next() {
            var rest = line.unicodeScalars
            if open != nil {
                guard let end = endOfQuoted(rest, from: rest.startIndex) else {
                    open?.append("\n")
                    open?.append(contentsOf: line)
                    continue
                }
                let value = (open ?? "") + "\n" + Substring(rest[..<end])
                row.append(unquoted(value[...].unicodeScalars))
                open = nil
                guard end < rest.endIndex else {
                    rows.append(row)
                    row = []
                    continue
                }
                rest = rest[rest.index(after: end)...]
            } else if line.isEmpty {
                rows.append(empty)
                continue
            }
            open = split(rest, into: &row).map { String(Substring($0)) }
            if open == nil {
                rows.append(row)
                row = []
            }
        }
        guard open == nil else { throw Unterminated() }
        return rows
    }

    /// Takes the values of a line; gives the last one when the next line goes on with it.
    private func split(_ line: Text, into row: inout [String]) -> Text? {
        var rest = line
        while true {
            var end: Text.Index?
            if let quote, rest.first == quote {
                end = endOfQuoted(rest, from: rest.index(after: rest.startIndex))
                if end == nil { return rest }
            }
            let border = end ?? rest.firstIndex(of: separator) ?? rest.endIndex
            row.append(unquoted(rest[..<border]))
            guard border < rest.endIndex else { return nil }
            rest = rest[rest.index(after: border)...]
        }
    }

    /// What stands behind a quoted value, a separator or the end of the line: it is the first of these that follows a
    /// quote which is not one of a pair. Nil when there is none.
    private func endOfQuoted(_ text: Text, from start: Text.Index) -> Text.Index? {
        guard let quote else { return text.endIndex }
        var index = start
        while let close = text[index...].firstIndex(of: quote) {
            let next = text.index(after: close)
            guard next < text.endIndex else { return next }
            if text[next] == separator { return next }
            index = text[next] == quote ? text.index(after: next) : next
        }
        return nil
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
