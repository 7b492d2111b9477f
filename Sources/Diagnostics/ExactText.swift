extension StringProtocol {
    /// Every occurrence of one text replaced by another.
    ///
    /// It goes by bytes, not by characters: with `replacing(_:with:)` a combining mark behind a quotation mark hides it, and
    /// what was to be escaped is not.
    public func replacingAll(_ target: String, with replacement: String) -> String {
        replacing(target, with: replacement, limit: .max)
    }

    /// The first occurrence of one text replaced by another, by bytes.
    public func replacingFirst(_ target: String, with replacement: String) -> String {
        replacing(target, with: replacement, limit: 1)
    }

    /// Whether the text begins with another, byte for byte: for what other programs will read. `hasPrefix` does not find what a
    /// combining mark follows.
    public func begins(with prefix: some StringProtocol) -> Bool { utf8.starts(with: prefix.utf8) }

    /// Whether the text ends with another, byte for byte.
    public func ends(with suffix: some StringProtocol) -> Bool {
        utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }

    /// What follows another text that it begins with; nil when it begins otherwise.
    public func rest(after prefix: some StringProtocol) -> Substring? {
        guard begins(with: prefix) else { return nil }
        return Substring(Substring(String(self)).utf8.dropFirst(prefix.utf8.count))
    }

    /// What another text follows that it ends with; nil when it ends otherwise.
    public func rest(before suffix: some StringProtocol) -> Substring? {
        guard ends(with: suffix) else { return nil }
        return Substring(Substring(String(self)).utf8.dropLast(suffix.utf8.count))
    }

    /// Whether another text lies within it, byte for byte.
    public func holds(_ text: some StringProtocol) -> Bool { text.isEmpty || exactRange(of: text) != nil }

    /// Where another text, which is not empty, first lies within it, byte for byte.
    public func exactRange(of text: some StringProtocol) -> Range<String.Index>? {
        guard let first = text.utf8.first else { return nil }
        var rest = utf8[...]
        while let start = rest.firstIndex(of: first) {
            rest = rest[start...]
            if rest.starts(with: text.utf8) { return start..<rest.index(start, offsetBy: text.utf8.count) }
            rest = rest.dropFirst()
        }
        return nil
    }

    /// The parts between a separator, the empty ones too. `split(separator:)` finds neither a slash that a combining mark follows
    /// nor the line feed of `\r\n`.
    public func parts(at separator: Unicode.Scalar, maxSplits: Int = .max) -> [Substring] {
        split(at: separator, maxSplits, omitting: false)
    }

    /// The parts between a separator that are not empty.
    public func words(at separator: Unicode.Scalar, maxSplits: Int = .max) -> [Substring] {
        split(at: separator, maxSplits, omitting: true)
    }

    private func split(at separator: Unicode.Scalar, _ most: Int, omitting: Bool) -> [Substring] {
        Substring(String(self)).unicodeScalars.split(
            separator: separator, maxSplits: most, omittingEmptySubsequences: omitting
        ).map { Substring($0) }
    }

    /// The parts between a separator of several letters, the empty ones too.
    public func parts(between separator: String) -> [Substring] {
        var rest = Substring(String(self))
        var parts: [Substring] = []
        while let range = rest.exactRange(of: separator) {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }

    /// The text between two marks, each mark within it twice: as SQL quotes names and texts, and CSV its cells.
    public func quoted(by mark: Character) -> String {
        "\(mark)\(replacingAll(String(mark), with: "\(mark)\(mark)"))\(mark)"
    }

    private func replacing(_ target: String, with replacement: String, limit: Int) -> String {
        // Most texts have nothing to replace, and are not copied byte by byte.
        guard let first = target.utf8.first, utf8.contains(first) else { return String(self) }
        let (bytes, target) = (Array(utf8), Array(target.utf8))
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        var left = limit
        while index < bytes.count {
            if left > 0, bytes[index] == first, bytes[index...].starts(with: target) {
                result += replacement.utf8
                index += target.count
                left -= 1
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
