import Diagnostics
import GitClient
import Glibc

/// A commit's words as UTF-8, whatever encoding they were written in.
struct MessageText {
    /// The encoding that the commit names; nil for UTF-8.
    let encoding: String?

    /// Text that says what the bytes say. What is not in the encoding it claims is taken for Latin-1, as mailers do.
    func text(_ bytes: [UInt8]) -> String {
        let text = recoded(bytes) ?? String(validating: bytes, as: UTF8.self) ?? latin(bytes)
        return text.replacingAll("\r\n", with: "\n").replacingAll("\r", with: "\n")
    }

    private func latin(_ bytes: [UInt8]) -> String {
        String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    /// The text by way of the C library, which knows what encodings there are; nil when it does not know this one.
    private func recoded(_ bytes: [UInt8]) -> String? {
        guard let encoding, encoding.utf8.count <= 40, encoding.utf8.allSatisfy(\.isNameCharacter) else { return nil }
        guard let converter = iconv_open("UTF-8", encoding), converter != iconv_t(bitPattern: -1) else { return nil }
        defer { iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        // No character of any encoding takes more than this for each of its bytes.
        let capacity = bytes.count * 4 + 16
        var isWhole = false
        let output = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            buffer.withMemoryRebound(to: CChar.self) { target in
                input.withUnsafeMutableBufferPointer { source in
                    var (from, left) = (source.baseAddress, source.count)
                    var (to, room) = (target.baseAddress, target.count)
                    isWhole = iconv(converter, &from, &left, &to, &room) != -1 && left == 0
                    count = capacity - room
                }
            }
        }
        return isWhole ? String(validating: output, as: UTF8.self) : nil
    }
}

extension UInt8 {
    /// Whether it may stand in the name of an encoding: nothing that the C library reads as a path or an option.
    fileprivate var isNameCharacter: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F, 0x2E, 0x3A: true
        default: false
        }
    }
}
