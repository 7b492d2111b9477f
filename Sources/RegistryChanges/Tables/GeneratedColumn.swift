import Changelog
import Diagnostics

/// A text column whose values a registry's services number by a pattern, such as `A-{yyyy}-{SEQ}`.
struct GeneratedColumn: Sendable {
    var name: String
    var pattern: String

    /// The columns of a change that have `autoGenerate`; what is wrong with them is noted.
    static func read(_ decoder: inout ChangeDecoder) -> [GeneratedColumn] {
        HistoryTable.columns(of: decoder.node).compactMap { column in
            guard let pattern = column["autoGenerate"] else { return nil }
            let name = column["name"] ?? ""
            if column["type"]?.lowercased() != "text" {
                decoder.report(
                    "the column '\(name)' has 'autoGenerate', so its type is TEXT, not \(column["type"] ?? "missing")",
                    at: column.location)
            }
            decoder.checkValue(pattern, in: "autoGenerate", at: column.location)
            for part in invalidParts(of: pattern) {
                decoder.report(
                    "'autoGenerate' of the column '\(name)': \"{\(part)}\" is no date or time pattern",
                    at: column.location,
                    hint: "{SEQ} for the number, and patterns such as {yyyy}, {dd.MM.yyyy}, {HH:mm}")
            }
            return GeneratedColumn(name: name, pattern: pattern)
        }
    }

    /// The sequence, the right to it, and the pattern for the services.
    func statements(table: String) -> [SQLStatement] {
        let sequence = "\(table)_\(name)_seq"
        return [
            "CREATE SEQUENCE IF NOT EXISTS \(sequence) INCREMENT BY 1 OWNED BY \(table).\(name)",
            "GRANT USAGE ON SEQUENCE \(sequence) TO application_role",
            MetadataSQL.insert("autoGenerate", table, name, pattern),
        ]
    }

    /// The parts in braces that are not `SEQ` and that the services could not apply to a local date and time.
    static func invalidParts(of pattern: String) -> [String] {
        var rest = pattern.replacingAll("{SEQ}", with: "")[...]
        var parts: [String] = []
        while let open = rest.unicodeScalars.firstIndex(of: "{"), let close = rest.unicodeScalars.firstIndex(of: "}"),
            open < close
        {
            let part = String(rest[rest.index(after: open)..<close])
            if !isDatePattern(part) { parts.append(part) }
            rest = rest[rest.index(after: close)...]
        }
        return parts
    }

    /// Whether Java's `DateTimeFormatter` takes a pattern and can apply it to a date and time without a zone.
    static func isDatePattern(_ pattern: String) -> Bool {
        var characters = Array(pattern)[...]
        var openOptions = 0
        while let character = characters.first {
            let run = characters.prefix { $0 == character }.count
            switch character {
            case "'":
                guard let end = characters.dropFirst().firstIndex(of: "'") else { return false }
                characters = characters[(end + 1)...]
                continue
            case "{", "}", "#": return false
            case "[":
                openOptions += 1
                characters.removeFirst()
                continue
            case "]":
                openOptions -= 1
                if openOptions < 0 { return false }
                characters.removeFirst()
                continue
            default:
                if character.isASCII, character.isLetter {
                    guard let longest = longestRuns[character], run <= longest else { return false }
                }
                characters = characters.dropFirst(run)
            }
        }
        return true
    }

    /// How often a pattern's letter may stand in a row.
    private static let longestRuns: [Character: Int] = [
        "G": 5, "u": 19, "y": 19, "Y": 19, "D": 3, "M": 5, "L": 5, "d": 2, "Q": 5, "q": 5, "w": 2, "W": 1, "E": 5,
        "e": 5, "c": 5, "F": 1, "a": 1, "B": 5, "h": 2, "K": 2, "k": 2, "H": 2, "m": 2, "s": 2, "S": 9, "A": 19,
        "n": 19,
        "N": 19, "g": 19,
    ]
}
