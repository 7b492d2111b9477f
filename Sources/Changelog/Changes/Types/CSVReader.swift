/// Rows of a file of separated values, by Liquibase's rules: quotes double inside quotes, `\` escapes a quote, a quoted
/// value may hold line ends, white space around values stays.
struct CSVReader {
    var separator: Character = ","
    var quote: Character? = "\""

    /// All rows in order; an empty line is a row with one empty value.
    func rows(_ text: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var value = ""
        var isQuoted = false
        var wasQuoted = false
        var characters = text[...]
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
            } else if character == quote, value.allSatisfy(\.isWhitespace) {
                value = ""
                isQuoted = true
                wasQuoted = true
            } else if character == separator {
                row.append(value)
                value = ""
                wasQuoted = false
            } else if character.isNewline {
                rows.append(row + [value])
                row = []
                value = ""
                wasQuoted = false
            } else if !(wasQuoted && character.isWhitespace) {
                value.append(character)
            }
        }
        if !row.isEmpty || !value.isEmpty { rows.append(row + [value]) }
        return rows
    }
}
