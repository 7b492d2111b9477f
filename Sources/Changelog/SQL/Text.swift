import Diagnostics

extension String {
    /// Without the characters at both ends that Java's `trim` removes: those up to the space.
    var trimmingSpace: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { $0.value > 0x20 }),
            let last = scalars.lastIndex(where: { $0.value > 0x20 })
        else { return "" }
        return String(scalars[first...last])
    }

    /// The trimmed text; nil when nothing is left.
    var trimmedOrNil: String? {
        let text = trimmingSpace
        return text.isEmpty ? nil : text
    }

    /// At most so many characters.
    func limited(to count: Int) -> String { self.count <= count ? self : String(prefix(count)) }

    /// As Liquibase shortens a text for a column: cut, with three dots at the end. Characters are Java's, the units of
    /// UTF-16; a pair of them that make one is not cut in two.
    func limitedWithDots(to count: Int) -> String {
        guard utf16.count > count else { return self }
        let cut = utf16.index(startIndex, offsetBy: Swift.max(0, count - 3))
        let end = cut.samePosition(in: unicodeScalars) ?? utf16.index(before: cut)
        return String(unicodeScalars[..<end]) + "..."
    }

    /// The text before a last word, letters' case ignored; nil when the last word is another.
    func removingLastWord(_ word: String) -> String? {
        guard lowercased().ends(with: word), count > word.count else { return nil }
        let rest = dropLast(word.count)
        guard let last = rest.last, last.isWhitespace else { return nil }
        return String(rest).trimmingSpace
    }
}
