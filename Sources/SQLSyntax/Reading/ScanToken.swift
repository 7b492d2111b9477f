import CLibPgQuery

/// A token as PostgreSQL's scanner sees it.
struct ScanToken {
    /// The token's number; for a single character its ASCII code.
    var kind = 0
    /// Its bytes in the text.
    var start = 0
    var end = 0
    /// Whether it is a keyword, of whatever class.
    var isKeyword = false

    /// What is written there.
    func text(in text: String) -> Substring {
        let bytes = text.utf8
        guard let start = bytes.index(bytes.startIndex, offsetBy: start, limitedBy: bytes.endIndex),
            let end = bytes.index(bytes.startIndex, offsetBy: end, limitedBy: bytes.endIndex), start < end
        else { return "" }
        return text[start..<end]
    }

    /// All tokens of a text. Comments are tokens too.
    static func tokens(of text: String) throws(SQLSyntaxError) -> [ScanToken] {
        let result = pg_query_scan(text)
        defer { pg_query_free_scan_result(result) }
        if let error = result.error { throw SQLSyntaxError(error.pointee) }
        guard let data = result.pbuf.data else { return [] }
        return tokens(UnsafeRawBufferPointer(start: UnsafeRawPointer(data), count: result.pbuf.len))
    }

    /// Reads the scanner's answer, a protocol buffer: field 2 of the message, again and again, is a token.
    private static func tokens(_ bytes: UnsafeRawBufferPointer) -> [ScanToken] {
        var tokens: [ScanToken] = []
        var message = ProtocolBuffer(bytes, 0..<bytes.count)
        while let field = message.next() {
            guard field.number == 2, let content = field.content else { continue }
            var token = ScanToken()
            var inner = ProtocolBuffer(bytes, content)
            while let field = inner.next() {
                switch field.number {
                case 1: token.start = field.value
                case 2: token.end = field.value
                case 4: token.kind = field.value
                case 5: token.isKeyword = field.value > 0
                default: break
                }
            }
            tokens.append(token)
        }
        return tokens
    }
}

/// The fields of a protocol buffer message, one after the other.
private struct ProtocolBuffer {
    struct Field {
        var number: Int
        var value = 0
        var content: Range<Int>?
    }

    private let bytes: UnsafeRawBufferPointer
    private var range: Range<Int>

    init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        self.bytes = bytes
        self.range = range.clamped(to: 0..<bytes.count)
    }

    /// The next field; nil at the end, and at anything but numbers and nested messages.
    mutating func next() -> Field? {
        guard let tag = varint() else { return nil }
        switch tag & 7 {
        case 0: return varint().map { Field(number: tag >> 3, value: $0) }
        case 2:
            guard let length = varint(), length >= 0, length <= range.count else { return nil }
            let content = range.lowerBound..<range.lowerBound + length
            range = content.upperBound..<range.upperBound
            return Field(number: tag >> 3, content: content)
        default: return nil
        }
    }

    private mutating func varint() -> Int? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard !range.isEmpty else { return nil }
            let byte = bytes[range.lowerBound]
            range = range.lowerBound + 1..<range.upperBound
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return Int(truncatingIfNeeded: value) }
        }
        return nil
    }
}
