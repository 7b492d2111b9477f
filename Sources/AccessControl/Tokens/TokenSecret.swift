import Crypto
public import Diagnostics
import Foundation

/// What the holder of a token has: `slc_<id>_<secret>`. Only its digest is kept.
///
/// The secret has 256 random bits, so that a digest of it needs neither salt nor patience.
public struct TokenSecret: Sendable {
    /// What every token begins with, so that scanners for leaked secrets know it.
    public static let prefix = "slc_"

    /// The token's id.
    public let id: String
    /// The whole text.
    public let text: Secret<String>

    /// Makes a new one.
    public init(using generator: inout some RandomNumberGenerator) {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        func random(_ count: Int) -> String {
            String((0..<count).compactMap { _ in letters.randomElement(using: &generator) })
        }
        id = random(10)
        text = Secret("\(Self.prefix)\(id)_\(random(43))")
    }

    /// Takes apart what somebody sent; nil when it does not look like a token.
    public init?(_ sent: Secret<String>) {
        let sentText = sent.reveal()
        guard sentText.utf8.count <= 100,
            let match = sentText.wholeMatch(of: /slc_([A-Za-z0-9]{10})_[A-Za-z0-9]{43}/)
        else { return nil }
        id = String(match.output.1)
        text = sent
    }

    /// What is kept: SHA-256 in hexadecimal digits.
    public var digest: String {
        SHA256.hash(data: Data(text.reveal().utf8)).hexadecimal
    }
}
