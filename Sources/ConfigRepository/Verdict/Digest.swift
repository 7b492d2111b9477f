import Crypto
import DesiredState
import Diagnostics
import Foundation

/// A short name for a text that is too long to be kept.
enum Digest {
    /// The first 24 digits of the text's SHA-256.
    static func of(_ text: String) -> String { String(SHA256.hash(data: Data(text.utf8)).hexadecimal.prefix(24)) }
}
