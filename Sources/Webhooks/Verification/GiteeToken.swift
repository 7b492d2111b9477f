import Crypto
import DesiredState
import Diagnostics
import Foundation

/// Gitee: `X-Gitee-Token` is the password itself, or base64 of HMAC-SHA256(secret, `<timestamp>\n<secret>`). Its page says
/// that the latter is URL-encoded, its servers send it as it is; both are taken. Neither covers the body.
enum GiteeToken {
    static func proof(of delivery: WebhookDelivery, source: WebhookSource, now: Date) -> WebhookProof {
        guard let token = delivery.only("X-Gitee-Token"), !token.isEmpty else { return .refused(.missing) }
        if SharedToken.isOne(of: source.secrets, token) {
            return .genuine(.content(token, delivery.body, source: source))
        }
        guard let time = delivery.only("X-Gitee-Timestamp") else { return .refused(.wrong) }
        guard let signature = Base64.strict(token) ?? token.removingPercentEncoding.flatMap(Base64.strict) else {
            return .refused(.wrong)
        }
        guard (1...16).contains(time.utf8.count), time.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let milliseconds = Int64(time)
        else { return .refused(.malformed) }
        let fits = source.secrets.contains(anyInConstantTime: { secret in
            let text = secret.reveal()
            return HMAC<SHA256>.isValidAuthenticationCode(
                signature, authenticating: Array("\(time)\n\(text)".utf8),
                using: SymmetricKey(data: Array(text.utf8)))
        })
        guard fits else { return .refused(.wrong) }
        guard WebhookSource.isWithinWindow(milliseconds / 1000, now: now) else { return .refused(.outsideWindow) }
        // Of both spellings of a signature one key: the bytes count.
        return .genuine(.content(signature.hexadecimal, delivery.body, source: source))
    }
}
