import Crypto
public import Diagnostics
import Foundation

/// Standard Webhooks 1.0 from the sender's side: what ``WebhookScheme`` verifies.
public enum StandardWebhookSigner {
    /// The header fields that prove a body; nil when the secret is none (`whsec_` and 24 to 64 bytes in base64).
    ///
    /// - Parameters:
    ///   - id: The message's id, the same on every attempt.
    ///   - time: When this attempt is made, in seconds since 1970.
    public static func headers(
        for body: [UInt8], id: String, time: Int64, secret: Secret<String>
    ) -> [(String, String)]? {
        guard let key = StandardSignature.key(of: secret) else { return nil }
        let code = HMAC<SHA256>.authenticationCode(for: Array("\(id).\(time).".utf8) + body, using: key)
        return [
            ("webhook-id", id), ("webhook-timestamp", String(time)),
            ("webhook-signature", "v1,\(Data(code).base64EncodedString())"),
        ]
    }
}
