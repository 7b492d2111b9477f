/// Rows of a file of separated values, by Liquibase's rules: quotes double inside quotes, `\` escapes a quote, a quoted
/// value may hold line ends, white space around values stays.
struct CSVReader {
    var separator: Unicode.Scalar = ","
    var quote: Unicode.Scalar? = "\""

    /// All rows in order; an empty line is a row with one empty value.
    func rows(_ text: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var value = String.UnicodeScalarView()
        var isQuoted = false
        var wasQuoted = false
        var characters = text.unicodeScalars[...]
        while let character = characters.popFirst() {
            if isQuoted {
                if character == quote {
                    if characters.first == quote {
                        value.append(character)
                        characters.removeFirst()
                    } else {
                        isQuoted = false
                    }
                } else if character == "\\", let next = characters.first, next == quote || next == "\\" {
                    value.append(next)
                    characters.removeFirst()
                } else {
                    value.append(character)
                }
            } else if character == quote, value.allSatisfy(\.properties.isWhitespace) {
                value = .init()
                isQuoted = true
                wasQuoted = true
            } else if character == separator {
                row.append(String(value))
                value = .init()
                wasQuoted = false
            } else if character == "\n" || character == "\r" {
                if character == "\r", characters.first == "\n" { characters.removeFirst() }
                rows.append(row + [String(value)])
                row = []
                value = .init()
                wasQuoted = false
            } else if !(wasQuoted && character.properties.isWhitespace) {
                value.append(character)
            }
        }
        if !row.isEmpty || !value.isEmpty { rows.append(row + [String(value)]) }
        return rows
    }
}
