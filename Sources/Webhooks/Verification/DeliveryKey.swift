import Crypto
import DesiredState
import Diagnostics
import Foundation

/// What all repeats of one delivery have in common, made of what was authenticated and of nothing else: a header that
/// nobody signed could be changed to have a repeat pass for something new.
public struct DeliveryKey: Hashable, Sendable, CustomStringConvertible {
    /// The key as text: 64 hexadecimal digits.
    public let description: String

    /// A digest of parts; where one ends and the next begins counts.
    init(_ parts: [[UInt8]]) {
        var hash = SHA256()
        for part in parts {
            hash.update(data: Array(String(part.count).utf8) + [UInt8(ascii: ":")])
            hash.update(data: part)
        }
        description = hash.finalize().hexadecimal
    }

    /// Of an id that the signature covers.
    static func id(_ id: String, source: WebhookSource) -> DeliveryKey {
        DeliveryKey([Array(source.name.utf8), Array("id".utf8), Array(id.utf8)])
    }

    /// Of the proof and the body, for schemes that sign no id.
    static func content(_ proof: String, _ body: [UInt8], source: WebhookSource) -> DeliveryKey {
        // The proof may be the secret itself, which a digest of known things beside it must not give away.
        let sealed = Array(SHA256.hash(data: Array(proof.utf8)))
        return DeliveryKey([Array(source.name.utf8), Array("content".utf8), sealed, body])
    }
}
