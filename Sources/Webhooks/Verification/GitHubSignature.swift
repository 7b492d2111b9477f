import Crypto
import Diagnostics
import Foundation

/// GitHub: `X-Hub-Signature-256: sha256=<hex of HMAC-SHA256(secret, body)>`. The older SHA-1 header is not looked at.
enum GitHubSignature {
    private static let prefix = "sha256="

    static func proof(of delivery: WebhookDelivery, source: WebhookSource) -> WebhookProof {
        guard let header = delivery.only("X-Hub-Signature-256") else { return .refused(.missing) }
        guard let digits = header.rest(after: prefix), let digest = bytes(ofHex: digits) else {
            return .refused(.malformed)
        }
        let fits = source.secrets.contains(anyInConstantTime: { secret in
            HMAC<SHA256>.isValidAuthenticationCode(
                digest, authenticating: delivery.body, using: SymmetricKey(data: Array(secret.reveal().utf8)))
        })
        guard fits else { return .refused(.wrong) }
        return .genuine(.content(header, delivery.body, source: source))
    }

    /// The 32 bytes of 64 digits in lower case, as GitHub writes them: of several spellings of one signature, each would
    /// be a delivery of its own.
    private static func bytes(ofHex text: Substring) -> [UInt8]? {
        let digits = text.utf8.map { digit -> UInt8? in
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
            default: nil
            }
        }
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            guard let digit else { return nil }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
    }
}

extension Sequence {
    /// Whether any element fits. All are tried, so that the time does not tell which did.
    func contains(anyInConstantTime fits: (Element) -> Bool) -> Bool {
        reduce(false) { found, element in
            let isFitting = fits(element)
            return isFitting || found
        }
    }
}
