import Diagnostics

/// A stranger's words as a code host may show them: one line of them, in which nobody is mentioned, nothing is referred to or
/// closed, no address becomes a link, and no word is taken for an order to the host or its CI.
///
/// A backslash before a mark does not do that: hosts look for mentions and references in what Markdown has become. So a word
/// joiner, which nobody sees, stands where one of them would begin. Scalar by scalar, since a mark with an accent behind it is
/// another character and the same mark all the same.
struct InertText {
    private let scalars: [Unicode.Scalar]

    /// - Parameter limit: The most bytes that are shown.
    init(_ text: String, limit: Int = 300) {
        scalars = TextScrubber(limit: limit).scrub(text).unicodeScalars.map { $0 == "\n" ? " " : $0 }
    }

    /// For titles and commit messages.
    var plain: String { joined { _ in false } }

    /// For Markdown, in the cell of a table too.
    var markdown: String { joined(escaping: Self.marks.contains) }

    /// In Markdown, as code; hosts look for nothing in there.
    var code: String {
        var result = String.UnicodeScalarView()
        for scalar in scalars { result.append(scalar == "`" ? "'" : scalar) }
        return "`\(String(result))`"
    }

    private static let joiner: Unicode.Scalar = "\u{2060}"
    private static let marks = Set("\\`*_{}[]<>#|~@!&$".unicodeScalars)
    /// What mentions, references of the known hosts, labels and words for CI in brackets begin with.
    private static let beginnings = Set("@#!~&$%^[*".unicodeScalars)

    private func joined(escaping isMark: (Unicode.Scalar) -> Bool) -> String {
        var result = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            if isMark(scalar) { result.append("\\") }
            result.append(scalar)
            if isBeginning(index) { result.append(Self.joiner) }
        }
        return String(result)
    }

    /// Whether something that a host acts upon would begin here.
    private func isBeginning(_ index: Int) -> Bool {
        let (scalar, before, after) = (scalars[index], scalars[..<index], scalars[(index + 1)...])
        guard let next = after.first, next != " " else { return false }
        if Self.beginnings.contains(scalar) { return true }
        return switch scalar {
        case ":": after.starts(with: ["/", "/"])
        case "w", "W":
            next == "." && before.suffix(2).count == 2 && before.suffix(2).allSatisfy { $0 == "w" || $0 == "W" }
        // GH-12 and GL-12 are issues.
        case "h", "H", "l", "L": next == "-" && (before.last == "g" || before.last == "G")
        default: false
        }
    }
}
