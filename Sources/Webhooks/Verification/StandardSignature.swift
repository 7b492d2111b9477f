import Crypto
import Diagnostics
import Foundation

/// Standard Webhooks 1.0, symmetric (`v1`): an HMAC-SHA256 over `<id>.<timestamp>.<body>`, in base64. Several signatures
/// may stand in the header, separated by spaces, while the sender exchanges its secret.
enum StandardSignature {
    /// What such secrets begin with.
    static let secretPrefix = "whsec_"

    /// How many signatures are looked at.
    private static let signatureLimit = 16

    static func proof(
        of delivery: WebhookDelivery, secrets: [Secret<String>], source: WebhookSource, now: Date
    ) -> WebhookProof {
        guard let id = delivery.only("webhook-id"), let time = delivery.only("webhook-timestamp"),
            let header = delivery.only("webhook-signature")
        else { return .refused(.missing) }
        let signatures = header.words(at: " ").filter { $0.begins(with: "v1,") }.prefix(signatureLimit)
            .compactMap { Base64.strict(String($0.dropFirst(3))) }
        guard !id.isEmpty, id.utf8.count <= 256, let seconds = Self.seconds(time), !signatures.isEmpty else {
            return .refused(.malformed)
        }
        let signed = Array("\(id).\(time).".utf8) + delivery.body
        let fits = secrets.contains(anyInConstantTime: { secret in
            guard let key = key(of: secret) else { return false }
            return signatures.contains(anyInConstantTime: {
                HMAC<SHA256>.isValidAuthenticationCode($0, authenticating: signed, using: key)
            })
        })
        guard fits else { return .refused(.wrong) }
        guard WebhookSource.isWithinWindow(seconds, now: now) else { return .refused(.outsideWindow) }
        return .genuine(.id(id, source: source))
    }

    /// The key of a secret: 24 to 64 bytes in base64 behind the prefix; nil when it is none.
    static func key(of secret: Secret<String>) -> SymmetricKey? {
        let text = secret.reveal()
        guard let key = text.rest(after: secretPrefix), let bytes = Base64.strict(String(key)),
            (24...64).contains(bytes.count)
        else { return nil }
        return SymmetricKey(data: bytes)
    }

    /// Digits and nothing else: no sign, no spaces.
    private static func seconds(_ text: String) -> Int64? {
        guard (1...12).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(text)
    }
}

/// Base64 in its one canonical spelling.
enum Base64 {
    static func strict(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= 4096, let data = Data(base64Encoded: text), data.base64EncodedString() == text else {
            return nil
        }
        return Array(data)
    }
}
