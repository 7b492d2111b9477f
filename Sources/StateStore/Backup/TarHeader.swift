/// The header of a regular file in a tar archive (POSIX ustar).
struct TarHeader: Hashable, Sendable {
    /// Files begin at multiples of this many bytes.
    static let block = 512
    /// The size that fits the header.
    static let sizeLimit = 0o77_777_777_777

    let name: String
    let size: Int

    init(name: String, size: Int) {
        self.name = name
        self.size = size
    }

    /// The bytes behind a file of this size up to the next block.
    var padding: Int { (Self.block - size % Self.block) % Self.block }

    /// The header; names are up to 100 bytes long.
    var bytes: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.block)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { bytes[offset + index] = byte }
        }
        put(String(name.utf8.prefix(100)) ?? "", at: 0)
        put("0000600", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(Self.octal(size, digits: 11), at: 124)
        put("00000000000", at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put(Self.octal(bytes.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ", at: 148)
        return bytes
    }

    /// Reads a header of exactly the kind that is written here; nil for any other bytes.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.block, let size = Self.number(bytes[124..<135]),
            let name = String(validating: bytes[0..<100].prefix { $0 != 0 }, as: UTF8.self)
        else { return nil }
        self.init(name: name, size: size)
        guard self.bytes == bytes else { return nil }
    }

    private static func octal(_ number: Int, digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// Octal digits only: `Int` would also read a sign.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var number = 0
        for digit in digits {
            guard (0x30...0x37).contains(digit) else { return nil }
            number = number << 3 | Int(digit & 7)
        }
        return number
    }
}
