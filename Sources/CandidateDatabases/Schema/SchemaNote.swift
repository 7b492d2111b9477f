public import DatabaseSchema
import Diagnostics

/// What a candidate changes in the schema of its base, short enough for a database's comment, a status and a verdict. All
/// of it is computed when it is asked for.
public struct SchemaNote: Hashable, Sendable, Codable {
    /// One line: `+2 tables, ~1 column, -1 index`.
    public let summary: String
    /// The first of the changes, one a line, without control characters.
    public let lines: [String]

    private static let maximumLines = 20
    private static let maximumBytes = 2_500

    /// Sums a difference up.
    public init(_ difference: SchemaDifference) {
        summary = Self.cut(SchemaSummary(difference).description, to: 400)
        var lines: [String] = []
        var bytes = 0
        let all = difference.lines(width: 100)
        for line in all {
            let line = Self.cut(line, to: 300)
            bytes += line.utf8.count
            guard lines.count < Self.maximumLines, bytes <= Self.maximumBytes else { break }
            lines.append(line)
        }
        if lines.count < all.count { lines.append("… and \(all.count - lines.count) more lines") }
        self.lines = lines
    }

    /// Says why there is nothing to say. That a schema cannot be read is no fault of the changelog's.
    public init(unknownBecause error: any Error) {
        let words = SluiceError(wrapping: error).message.split(whereSeparator: \.isNewline).first ?? "unknown"
        summary = Self.cut("not compared: \(words)", to: 400)
        lines = []
    }

    /// Bytes and not characters: a letter may carry a million accents.
    private static func cut(_ text: String, to maximum: Int) -> String {
        guard text.utf8.count > maximum else { return text }
        var kept = String.UnicodeScalarView()
        var bytes = 0
        for scalar in text.unicodeScalars {
            bytes += UTF8.width(scalar)
            guard bytes <= maximum else { break }
            kept.append(scalar)
        }
        return String(kept) + "…"
    }
}
