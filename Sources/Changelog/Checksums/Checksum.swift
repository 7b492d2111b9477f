import Crypto
import Diagnostics
import Foundation

/// The fingerprint of a change or a changeset as it stands in the books: a version, a colon and an MD5.
///
/// MD5 is what Liquibase uses; here it tells edits by mistake, it protects against nobody.
public struct Checksum: Sendable, Hashable, CustomStringConvertible {
    /// How a checksum is made; the number before the colon.
    public enum Version: Int, Sendable, Hashable, Comparable {
        /// Liquibase 3.5 to 4.21.
        case v8 = 8
        /// Liquibase 4.22 and later: what is written.
        case v9 = 9

        /// The older one is less.
        public static func < (left: Version, right: Version) -> Bool { left.rawValue < right.rawValue }
    }

    /// The version written before the digest; versions unknown here are kept as they stand in the books.
    public let version: Int
    /// The digest, 32 hexadecimal digits in the versions made here.
    public let digest: String

    /// Makes a checksum of its parts.
    public init(version: Int, digest: String) {
        self.version = version
        self.digest = digest
    }

    /// Reads what stands in the books or in `validCheckSum`. Text without a version counts as version 1.
    public init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        if let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), let version = Int(text[..<colon]), version >= 0 {
            let digest = text.utf8[colon...].dropFirst().prefix(while: Self.isLetterOrDigit)
            if !digest.isEmpty {
                self.init(version: version, digest: String(decoding: digest, as: UTF8.self))
                return
            }
        }
        self.init(version: 1, digest: text)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    /// `9:d41d8cd98f00b204e9800998ecf8427e`
    public var description: String { "\(version):\(digest)" }

    /// The checksum of a text: line ends made alike, composed (NFC).
    static func of(_ text: String, version: Version) -> Checksum {
        var text = text
        if text.utf8.contains(UInt8(ascii: "\r")) {
            text = text.replacingAll("\r\n", with: "\n").replacingAll("\r", with: "\n")
        }
        if !text.utf8.allSatisfy({ $0 < 0x80 }) {
            text = text.replacingAll("\u{FFFD}", with: "").precomposedStringWithCanonicalMapping
        }
        return of(bytes: text.utf8, version: version)
    }

    /// The checksum of SQL text: white space does not count.
    static func of(sql: some Sequence<UInt8>, version: Version) -> Checksum {
        of(
            bytes: sql.filter {
                $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r")
                    && $0 != UInt8(ascii: "\t")
            }, version: version)
    }

    static func of(bytes: some Sequence<UInt8>, version: Version) -> Checksum {
        Checksum(version: version.rawValue, digest: Insecure.MD5.hash(data: Array(bytes)).hexadecimal)
    }
}
