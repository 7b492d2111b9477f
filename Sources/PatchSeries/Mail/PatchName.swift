public import GitClient

/// What a patch's file is called: a number for the order, enough of the commit to tell it from every other, and words.
public enum PatchName {
    /// How many characters of the subject are taken.
    private static let length = 52

    /// `0007-1a2b3c4d5e-Fix-the-parser.patch`.
    /// - Parameter number: The place among the package's patches, from 1.
    public static func file(number: Int, commit: ObjectID, subject: String) -> String {
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
        let words = slug(subject)
        return "\(padded)-\(commit.abbreviated)\(words.isEmpty ? "" : "-\(words)").patch"
    }

    /// The number that a file's name begins with, up to a dash; nil when it begins with none, or with one of more than nine
    /// digits.
    public static func number(of file: some StringProtocol) -> Int? {
        let digits = file.utf8.prefix { 0x30...0x39 ~= $0 }
        guard 1...9 ~= digits.count, file.utf8.dropFirst(digits.count).first == 0x2D else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    /// The letters, digits, dots and underscores of a text, everything between them one dash.
    static func slug(_ subject: String) -> String {
        let parts = subject.utf8.split { byte in
            !(0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte || byte == 0x5F || byte == 0x2E)
        }
        let words = parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-")
        return String(words.prefix(length)).trimmed
    }
}

extension String {
    /// Without dots and dashes at either end.
    fileprivate var trimmed: String {
        let isEdge = { (character: Character) in character == "." || character == "-" }
        var rest = drop(while: isEdge)
        while let last = rest.last, isEdge(last) { rest.removeLast() }
        return String(rest)
    }
}
