import Diagnostics

/// A hidden mark by which our own comment or issue is found again: `<!-- sluice:KEY -->`.
///
/// The key says what the text is about, and is the same for the same thing after a crash, a restart and on another
/// machine. A mark in a text of somebody else means nothing: only what our own account wrote is looked at.
public struct Marker: Hashable, Sendable, CustomStringConvertible {
    /// What the text is about.
    public let key: String

    /// Takes a key of 1 to 200 ASCII letters, digits and `. _ - / :`, without two dashes in a row, which would end an
    /// HTML comment.
    /// - Throws: `forge.marker-invalid`.
    public init(_ key: String) throws {
        guard (1...200).contains(key.utf8.count), !key.holds("--"), !key.ends(with: "-"),
            key.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-/:".contains($0)) })
        else {
            throw SluiceError(
                "forge.marker-invalid", .stalled, "a marker's key has letters, digits and . _ - / : only",
                detail: String(key.debugDescription.prefix(300)))
        }
        self.key = key
    }

    /// The mark as it stands in a text.
    public var description: String { "<!-- sluice:\(key) -->" }

    /// A text with the mark on a line of its own at its end.
    public func marking(_ text: String) -> String { text.isEmpty ? description : "\(text)\n\n\(self)" }

    /// Whether a text ends in the mark. Hosts may add white space and change line ends.
    public func marks(_ text: String) -> Bool { text.trimmedEnd.ends(with: description) }

    /// A text without the mark at its end.
    public func unmarked(_ text: String) -> String {
        let text = text.trimmedEnd
        return text.rest(before: description).map { String($0).trimmedEnd } ?? text
    }
}
