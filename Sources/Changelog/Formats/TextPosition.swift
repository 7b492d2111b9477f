/// Turns byte offsets that only grow into lines and columns, in one pass over the text.
struct TextPosition {
    private let bytes: [UInt8]
    private var offset = 0
    private var line = 1
    private var column = 1

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Line and column, from 1, of the byte at `target`; nil when it lies before the last one asked for, or outside.
    mutating func advance(to target: Int) -> (line: Int, column: Int)? {
        guard target >= offset, target <= bytes.count else { return nil }
        while offset < target {
            let byte = bytes[offset]
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
            offset += 1
        }
        return (line, column)
    }
}
