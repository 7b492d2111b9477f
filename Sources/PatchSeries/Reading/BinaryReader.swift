import Diagnostics

/// Reads the content of a binary file: `literal 42` or `delta 17`, then lines of base 85, then an empty line.
struct BinaryReader {
    /// The most bytes that the content unpacks to.
    let limit: Int
    let file: String?

    /// Reads one content; nil when none begins here.
    func read(_ text: inout PatchText) throws -> BinaryChange? {
        let form: BinaryChange.Form
        let digits: ArraySlice<UInt8>
        if let rest = text.rest(after: "literal ") {
            (form, digits) = (.literal, rest)
        } else if let rest = text.rest(after: "delta ") {
            (form, digits) = (.delta, rest)
        } else {
            return nil
        }
        guard let size = Int(String(decoding: digits, as: UTF8.self)), size >= 0 else {
            throw text.corrupt("the size of a binary file cannot be read", file: file)
        }
        guard size <= limit else {
            throw SluiceError("patch.too-large", .stalled, "a binary file in the patch has more than \(limit) bytes")
        }
        text.advance()
        var compressed: [UInt8] = []
        while let line = text.current?.withoutLineFeed, !line.isEmpty {
            guard let bytes = decoded(line) else {
                throw text.corrupt("a line of a binary file cannot be read", file: file)
            }
            compressed += bytes
            text.advance()
        }
        text.advance()
        return BinaryChange(form: form, size: size, compressed: compressed)
    }

    /// A line: a letter for how many bytes it holds, then five characters for each four of them.
    private func decoded(_ line: ArraySlice<UInt8>) -> [UInt8]? {
        guard let letter = line.first else { return nil }
        let count: Int
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): count = Int(letter - UInt8(ascii: "A")) + 1
        case UInt8(ascii: "a")...UInt8(ascii: "z"): count = Int(letter - UInt8(ascii: "a")) + 27
        default: return nil
        }
        var rest = line.dropFirst()
        guard rest.count % 5 == 0, rest.count / 5 == (count + 3) / 4 else { return nil }
        var bytes: [UInt8] = []
        while !rest.isEmpty {
            var value: UInt64 = 0
            for character in rest.prefix(5) {
                guard let digit = Self.digits[character] else { return nil }
                value = value * 85 + UInt64(digit)
            }
            guard value <= UInt64(UInt32.max) else { return nil }
            for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift))) }
            rest = rest.dropFirst(5)
        }
        return Array(bytes.prefix(count))
    }

    private static let digits: [UInt8: Int] = Dictionary(
        uniqueKeysWithValues:
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~".utf8
            .enumerated().map { ($1, $0) })
}
