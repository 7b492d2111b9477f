/// SQL as the server writes it, cut into tokens: what stands between them, which differs between versions, is lost.
///
/// It need not know all of SQL: the server writes no comments, no dollar quotes and no escape strings.
enum SQLTokens {
    static func tokens(of text: String) -> [String] {
        let bytes = Array(text.utf8)
        var tokens: [String] = []
        var start = 0
        while start < bytes.count {
            let end = end(ofTokenAt: start, in: bytes)
            if !isBlank(bytes[start]) { tokens.append(String(decoding: bytes[start..<end], as: UTF8.self)) }
            start = end
        }
        return tokens
    }

    private static func end(ofTokenAt start: Int, in bytes: [UInt8]) -> Int {
        let first = bytes[start]
        if first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") { return end(ofQuoteAt: start, in: bytes) }
        let belongs: (UInt8) -> Bool
        if startsWord(first) {
            belongs = { startsWord($0) || isDigit($0) || $0 == UInt8(ascii: "$") }
        } else if isDigit(first) {
            belongs = { startsWord($0) || isDigit($0) || $0 == UInt8(ascii: ".") }
        } else {
            return start + 1
        }
        return bytes[start...].firstIndex { !belongs($0) } ?? bytes.count
    }

    /// A doubled mark stands for itself; a text that is not closed lasts to the end.
    private static func end(ofQuoteAt start: Int, in bytes: [UInt8]) -> Int {
        var index = start + 1
        while index < bytes.count {
            if bytes[index] == bytes[start] {
                guard index + 1 < bytes.count, bytes[index + 1] == bytes[start] else { return index + 1 }
                index += 1
            }
            index += 1
        }
        return bytes.count
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (9...13).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func startsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}
