/// Finds elements with more attributes than are allowed before libxml2 sees them: it compares each attribute with all
/// others, so that half a mebibyte of them takes half a minute.
enum XMLAttributes {
    /// Where the first element with more attributes begins; nil when there is none.
    ///
    /// The text need not be well formed: libxml2 goes no further than to the first mistake, and up to there both see the
    /// same. Every encoding that is let through has the marks of XML where ASCII has them.
    static func firstExcess(in bytes: [UInt8], limit: Int) -> Int? {
        var index = 0
        while let start = bytes[index...].firstIndex(of: UInt8(ascii: "<")) {
            index = start + 1
            if let end = closing(of: bytes[index...]) {
                index = skip(bytes, to: end, from: index)
                continue
            }
            var count = 0
            var quote: UInt8?
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                if let open = quote {
                    if byte == open { quote = nil }
                } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                    quote = byte
                } else if byte == UInt8(ascii: "=") {
                    count += 1
                    if count > limit { return start }
                } else if byte == UInt8(ascii: ">") {
                    break
                }
            }
        }
        return nil
    }

    /// What ends a comment, a literal text or an instruction that begins here, behind its `<`; nil for an element.
    private static func closing(of rest: ArraySlice<UInt8>) -> StaticString? {
        func begins(_ text: StaticString) -> Bool { text.withUTF8Buffer { rest.starts(with: $0) } }
        return begins("!--") ? "-->" : begins("![CDATA[") ? "]]>" : begins("?") ? "?>" : nil
    }

    private static func skip(_ bytes: [UInt8], to end: StaticString, from start: Int) -> Int {
        end.withUTF8Buffer { end in
            guard let first = end.first else { return start }
            var index = start
            while let found = bytes[index...].firstIndex(of: first) {
                if bytes[found...].starts(with: end) { return found + end.count }
                index = found + 1
            }
            return bytes.count
        }
    }
}
