import Glibc

/// The lines of a text without their ends; `\n`, `\r\n` and a lone `\r` all end a line, as Java's readers see it.
struct LineSequence: Sequence, IteratorProtocol {
    private let text: String
    private let count: Int
    private var offset = 0
    /// Where the next `\n` stands, the end of the text when there is none; known until it is passed.
    private var newline = -1

    init(_ text: some StringProtocol) {
        var text = String(text)
        text.makeContiguousUTF8()
        self.text = text
        count = text.utf8.count
    }

    mutating func next() -> Substring? {
        guard offset < count else { return nil }
        let start = offset
        if newline < start { newline = start + (distance(to: 0x0A, limit: count - start) ?? count - start) }
        let length = distance(to: 0x0D, limit: newline - start) ?? newline - start
        let isCarriageReturnAndNewline = start + length + 1 == newline && newline < count
        offset = Swift.min(count, start + length + (isCarriageReturnAndNewline ? 2 : 1))
        let utf8 = text.utf8
        let first = utf8.index(utf8.startIndex, offsetBy: start)
        return text[first..<utf8.index(first, offsetBy: length)]
    }

    /// How far from here a byte stands; nil when it does not within the limit. The C library looks at many bytes at once.
    private func distance(to byte: Int32, limit: Int) -> Int? {
        let start = offset
        let found: Int?? = text.utf8.withContiguousStorageIfAvailable { (buffer: UnsafeBufferPointer<UInt8>) -> Int? in
            guard let base = buffer.baseAddress else { return nil }
            let here = UnsafeRawPointer(base + start)
            guard let hit = memchr(here, byte, limit) else { return nil }
            return UnsafeRawPointer(hit) - here
        }
        return found ?? nil
    }
}
