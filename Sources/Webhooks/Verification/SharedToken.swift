import Crypto
import Diagnostics
import Foundation

/// A secret that is sent along. Digests are compared, which have the same length whatever was sent.
enum SharedToken {
    static func isOne(of secrets: [Secret<String>], _ token: String) -> Bool {
        let sent = SHA256.hash(data: Array(token.utf8))
        return secrets.contains(anyInConstantTime: { SHA256.hash(data: Array($0.reveal().utf8)) == sent })
    }

    /// Gerrit: the token in the address, or in a header that a proxy before us sets.
    static func proof(of delivery: WebhookDelivery, source: WebhookSource) -> WebhookProof {
        guard let token = delivery.pathToken ?? delivery.only("X-Sluice-Token") else { return .refused(.missing) }
        guard isOne(of: source.secrets, token) else { return .refused(.wrong) }
        return .genuine(.content(token, delivery.body, source: source))
    }
}
