import Crypto
import DesiredState
import Diagnostics
import Foundation

/// A webhook as it goes over the wire, with its host's proof. The bytes are made once: whoever gets it twice gets the
/// same ones.
struct SignedWebhook: Sendable {
    let event: String
    let headers: [(name: String, value: String)]
    let body: [UInt8]

    init(
        _ message: WebhookMessage, by type: ForgeType, for target: WebhookTarget, id: String, at date: Date,
        baseURL: String
    ) {
        event = message.event
        var headers = [("Content-Type", "application/json")]
        var document = message.body
        switch type {
        case .gerrit:
            // plugins/webhooks: no proof of any kind.
            headers = [("Content-Type", "application/json; charset=utf-8"), ("X-Origin-Url", "\(baseURL)/")]
        case .gitlab:
            headers += [
                ("User-Agent", "GitLab/17.4.2-ee"), ("X-Gitlab-Event", message.event), ("X-Gitlab-Instance", baseURL),
                ("X-Gitlab-Event-UUID", id), ("X-Gitlab-Webhook-UUID", "00000000-0000-4000-8000-000000000001"),
                ("Idempotency-Key", id),
            ]
            if target.proof == .usual { headers.append(("X-Gitlab-Token", target.secret)) }
        case .github:
            headers += [
                ("User-Agent", "GitHub-Hookshot/0d0ub1e"), ("X-GitHub-Event", message.event),
                ("X-GitHub-Delivery", id), ("X-GitHub-Hook-ID", "1"),
            ]
        case .gitee:
            let timestamp = String(Int(date.timeIntervalSince1970 * 1000))
            let isPassword = target.proof == .other
            // The body is not part of what is signed.
            let token = isPassword ? target.secret : Self.base64("\(timestamp)\n\(target.secret)", key: target.secret)
            headers += [
                ("User-Agent", "git-oschina-hook"), ("X-Gitee-Event", message.event), ("X-Gitee-Token", token),
                ("X-Gitee-Timestamp", timestamp), ("X-Gitee-Ping", "false"), ("X-Git-Oschina-Event", message.event),
            ]
            if case .object(var members) = document {
                members["hook_id"] = 1
                members["hook_url"] = .string("\(baseURL)/hooks/1/edit")
                members["password"] = isPassword ? .string(target.secret) : ""
                members["timestamp"] = .string(timestamp)
                members["sign"] = isPassword ? "" : .string(token)
                document = .object(members)
            }
        }
        let text = document.canonicalText
        if type == .github, !target.secret.isEmpty {
            let code = HMAC<SHA256>.authenticationCode(
                for: Data(text.utf8), using: SymmetricKey(data: Data(target.secret.utf8)))
            headers.append(
                ("X-Hub-Signature-256", "sha256=" + code.hexadecimal))
        }
        if type == .gitlab, target.proof == .other {
            // Standard Webhooks: the key is what follows whsec_, decoded.
            let key =
                target.secret.begins(with: "whsec_") ? Data(base64Encoded: String(target.secret.dropFirst(6))) : nil
            let timestamp = String(Int(date.timeIntervalSince1970))
            let code = HMAC<SHA256>.authenticationCode(
                for: Data("\(id).\(timestamp).\(text)".utf8),
                using: SymmetricKey(data: key ?? Data(target.secret.utf8)))
            headers += [
                ("webhook-id", id), ("webhook-timestamp", timestamp),
                ("webhook-signature", "v1,\(Data(code).base64EncodedString())"),
            ]
        }
        self.headers = headers
        body = Array(text.utf8)
    }

    private static func base64(_ text: String, key: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(text.utf8), using: SymmetricKey(data: Data(key.utf8)))
        return Data(code).base64EncodedString()
    }
}
