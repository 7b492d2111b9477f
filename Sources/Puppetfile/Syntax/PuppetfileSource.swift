import Diagnostics

/// The bytes of a file, known to be UTF-8 without what hides text from a reader.
struct PuppetfileSource {
    let bytes: ArraySlice<UInt8>

    /// Takes the byte order mark off. Nil, with a finding, when the file is none that can be read.
    init?(_ whole: [UInt8], limit: Int, findings: inout PuppetfileFindings) {
        guard whole.count <= limit else {
            findings.report(
                .limit, at: nil, "the file has \(whole.count) bytes, more than the \(limit) allowed")
            return nil
        }
        bytes = whole.starts(with: [0xEF, 0xBB, 0xBF]) ? whole.dropFirst(3) : whole[...]
        guard String(validating: bytes, as: UTF8.self) != nil else {
            findings.report(
                .encoding, at: position(of: firstInvalidByte), "the file is not UTF-8", hint: "save it in UTF-8")
            return nil
        }
        // Ruby ends a program at some of them, so that what follows is read by people only.
        if let index = bytes.firstIndex(where: Self.isControl) {
            let number = String(bytes[index], radix: 16, uppercase: true)
            findings.report(
                .encoding, at: position(of: index), "the control character U+\(number) is not allowed",
                hint: "take it out")
            return nil
        }
    }

    /// Where a byte stands. Columns count characters: continuation bytes do not count.
    private func position(of index: Int) -> Position {
        let before = bytes[..<min(max(index, bytes.startIndex), bytes.endIndex)]
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? before.startIndex
        return Position(
            line: before.count { $0 == UInt8(ascii: "\n") } + 1,
            column: before[start...].count { $0 & 0xC0 != 0x80 } + 1)
    }

    private var firstInvalidByte: Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = bytes.startIndex
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
        return offset
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0x0B, 0x0C: false
        default: byte < 0x20 || byte == 0x7F
        }
    }
}
