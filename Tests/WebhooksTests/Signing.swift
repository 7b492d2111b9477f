import Crypto
import DesiredState
import Diagnostics
import Foundation

@testable import Webhooks

/// The moment at which the tests' deliveries are looked at.
let now = Date(timeIntervalSince1970: 1_772_444_411)

extension WebhookSource {
    /// A source with these secrets.
    static func of(_ scheme: WebhookScheme, _ secrets: String...) -> WebhookSource {
        WebhookSource(name: "forge", scheme: scheme, secrets: secrets.map { Secret($0) })
    }

    /// Whether the source takes a delivery for its own.
    func accepts(_ headers: [String: String], _ body: String = "{}", path: String? = nil, at time: Date = now) -> Bool {
        if case .genuine = look(headers, body, path: path, at: time) { true } else { false }
    }

    /// Why the source does not; nil when it does.
    func refusal(
        _ headers: [String: String], _ body: String = "{}", path: String? = nil, at time: Date = now
    ) -> WebhookProof.Refusal? {
        if case .refused(let reason) = look(headers, body, path: path, at: time) { reason } else { nil }
    }

    /// What repeats of a delivery have in common.
    func key(_ headers: [String: String], _ body: String = "{}", at time: Date = now) -> DeliveryKey? {
        if case .genuine(let key) = look(headers, body, path: nil, at: time) { key } else { nil }
    }

    private func look(_ headers: [String: String], _ body: String, path: String?, at time: Date) -> WebhookProof {
        proof(
            of: WebhookDelivery(
                headers: headers.map { (name: $0.key, value: $0.value) }, pathToken: path, body: Array(body.utf8)),
            now: time)
    }
}

/// Headers as forges make them.
enum Signed {
    static func github(_ body: String, by secret: String) -> [String: String] {
        ["X-Hub-Signature-256": "sha256=" + Array(mac(body, key: Array(secret.utf8))).hexadecimal]
    }

    static func standard(
        _ body: String, by secret: String, id: String = "msg_1", at time: Date = now
    ) -> [String: String] {
        let seconds = String(Int(time.timeIntervalSince1970))
        let key = Data(base64Encoded: String(secret.dropFirst("whsec_".count))).map(Array.init) ?? []
        let signature = Data(mac("\(id).\(seconds).\(body)", key: key)).base64EncodedString()
        return ["webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": "v1,\(signature)"]
    }

    static func gitee(by secret: String, at time: Date = now) -> [String: String] {
        let milliseconds = String(Int(time.timeIntervalSince1970 * 1000))
        let signature = Data(mac("\(milliseconds)\n\(secret)", key: Array(secret.utf8))).base64EncodedString()
        return ["X-Gitee-Timestamp": milliseconds, "X-Gitee-Token": signature]
    }

    private static func mac(_ text: String, key: [UInt8]) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key))
    }
}
