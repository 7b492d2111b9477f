import Diagnostics

/// Header texts of a mail in the forms of RFC 5322 and RFC 2047: folded, quoted, and encoded where they are no ASCII.
enum EncodedWords {
    /// The longest line of a header that is made.
    private static let width = 76

    /// A text that stands in a header by itself, such as a subject.
    /// - Parameter indent: How many columns of the first line are taken.
    static func text(_ text: String, after indent: Int) -> String {
        if needsEncoding(text) { return encoded(text, after: indent) }
        let folded = folded(text, after: indent)
        // A line that is indented because it goes on may still begin a difference.
        let isRead = folded.parts(at: "\n").dropFirst().contains { MailBody.beginsDifference($0) }
        return isRead ? encoded(text, after: indent) : folded
    }

    /// A person's name before an address.
    static func phrase(_ name: String, after indent: Int) -> String {
        if needsEncoding(name) { return encoded(name, after: indent) }
        guard name.utf8.contains(where: { specials.contains($0) }) else { return name }
        return "\"" + name.replacingAll("\\", with: "\\\\").replacingAll("\"", with: "\\\"") + "\""
    }

    /// Whether readers would take it for something else as it stands.
    static func needsEncoding(_ text: String) -> Bool {
        text.holds("=?") || text.utf8.contains { $0 >= 0x7F || $0 < 0x20 }
    }

    private static let specials = Set("()<>[]:;@\\,.\"".utf8)

    /// Lines broken at spaces. A word that is longer than a line stays whole.
    private static func folded(_ text: String, after indent: Int) -> String {
        var result = ""
        var column = indent
        for (index, word) in text.words(at: " ").enumerated() {
            if index > 0 {
                let isFull = column + 1 + word.utf8.count > width
                result += isFull ? "\n " : " "
                column = isFull ? 1 : column + 1
            }
            result += word
            column += word.utf8.count
        }
        return result
    }

    /// Words of at most 75 characters, none of which begins or ends inside of a character.
    private static func encoded(_ text: String, after indent: Int) -> String {
        let (start, end) = ("=?UTF-8?q?", "?=")
        var words: [String] = []
        var word = ""
        var room = width - indent - start.utf8.count - end.utf8.count
        for scalar in text.unicodeScalars {
            let letters = quoted(scalar)
            if letters.utf8.count > room, !word.isEmpty {
                words.append(start + word + end)
                word = ""
                room = width - 1 - start.utf8.count - end.utf8.count
            }
            word += letters
            room -= letters.utf8.count
        }
        words.append(start + word + end)
        return words.joined(separator: "\n ")
    }

    /// A character as it may stand in an encoded word anywhere in a header.
    private static func quoted(_ scalar: Unicode.Scalar) -> String {
        if scalar == " " { return "_" }
        if scalar.isASCII, scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) { return String(scalar) }
        return String(scalar).utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.utf8.count == 1 ? "=0\(digits)" : "=\(digits)"
        }.joined()
    }
}
