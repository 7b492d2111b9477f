import Diagnostics

/// Makes a stranger's text fit for one line.
enum SingleLine {
    /// The text with every run of white space and control characters as one space, cut after `limit` characters.
    static func of(_ text: String, limit: Int) -> String {
        let words = text.unicodeScalars.split { scalar in
            scalar.properties.isWhitespace || scalar.changesDisplay
        }
        let line = words.map { String(String.UnicodeScalarView($0)) }.joined(separator: " ")
        return line.count <= limit ? line : "\(line.prefix(limit - 1))…"
    }
}
