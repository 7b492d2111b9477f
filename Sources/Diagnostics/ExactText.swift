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
    public func begins(with prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }

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
