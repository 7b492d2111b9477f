import Crypto
import Foundation

/// A short name for a text that is too long to be kept.
enum Digest {
    /// The first 24 digits of the text's SHA-256.
    static func of(_ text: String) -> String { String(hex(SHA256.hash(data: Data(text.utf8))).prefix(24)) }

    /// Bytes as hexadecimal digits.
    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0\(digits)" : digits
        }.joined()
    }
}
