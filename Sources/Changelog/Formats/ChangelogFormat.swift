import Diagnostics

/// The four ways to write a changelog, and the plain SQL file that is one changeset by itself.
enum ChangelogFormat: Sendable, Hashable {
    case xml
    case yaml
    case json
    case formattedSQL
    case plainSQL

    /// The format that Liquibase would choose: by extension, and for `.sql` by the first line that is not blank. Nil for
    /// what is no changelog.
    init?(path: String, contents: @autoclosure () -> [UInt8]) {
        let name = path.lowercased()
        if name.ends(with: ".xml") {
            self = .xml
        } else if name.ends(with: ".yaml") || name.ends(with: ".yml") {
            self = .yaml
        } else if name.ends(with: ".json") {
            self = .json
        } else if name.ends(with: ".sql") {
            self = Self.beginsWithHeader(contents()) ? .formattedSQL : .plainSQL
        } else {
            return nil
        }
    }

    /// Whether a file of that name is a changelog at all.
    static func isKnown(path: String) -> Bool { Self(path: path, contents: []) != nil }

    private static func beginsWithHeader(_ bytes: [UInt8]) -> Bool {
        // The header stands in the first line with text; 4 KiB are more than any blank beginning needs.
        let text = String(decoding: bytes.prefix(4096), as: UTF8.self)
        var lines = LineSequence(text.begins(with: "\u{FEFF}") ? text.dropFirst() : text[...])
        while let line = lines.next() {
            guard line.utf8.contains(where: { $0 > 0x20 }) else { continue }
            return SQLDirective.isHeader(line)
        }
        return false
    }
}
