import Diagnostics

/// Bytes of a file made text, or a reason why they are none.
enum SourceText {
    /// The text without its byte order mark. Refuses what is too long, no UTF-8, or has control characters.
    static func decode(_ bytes: [UInt8], file: String, limit: Int) throws(Refusal) -> String {
        guard bytes.count <= limit else {
            throw Refusal(
                .limit, SourceLocation(file: file), "the file has \(bytes.count) bytes, more than the \(limit) allowed")
        }
        var body = bytes[...]
        if body.starts(with: [0xEF, 0xBB, 0xBF]) { body = body.dropFirst(3) }
        guard let text = String(validating: body, as: UTF8.self) else {
            let place = location(of: firstInvalidByte(in: body), in: body, file: file)
            throw Refusal(.syntax, place, "the file is not UTF-8", hint: "save it in the encoding UTF-8")
        }
        if let index = body.firstIndex(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D || $0 == 0x7F }) {
            let number = String(body[index], radix: 16, uppercase: true)
            throw Refusal(
                .syntax, location(of: index, in: body, file: file), "the control character U+\(number) is not allowed")
        }
        return text
    }

    private static func firstInvalidByte(in bytes: ArraySlice<UInt8>) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = bytes.startIndex
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            offset += UTF8.width(scalar)
        }
        return offset
    }

    private static func location(of index: Int, in bytes: ArraySlice<UInt8>, file: String) -> SourceLocation {
        let before = bytes[..<min(index, bytes.endIndex)]
        let line = before.count { $0 == 0x0A } + 1
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? before.startIndex
        // Columns count characters, not bytes: continuation bytes do not count.
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        return SourceLocation(file: file, line: line, column: column)
    }
}
