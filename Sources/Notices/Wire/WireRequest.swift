import Crypto
import DesiredState
import Diagnostics
import Foundation
import OutboundHTTP
import StateStore
import Webhooks

/// A message as it goes over the wire to a robot or a program. Pure.
struct WireRequest {
    let url: OutboundURL
    let headers: [(String, String)]
    let body: JSONValue

    var outbound: OutboundRequest { OutboundRequest(.post, url, headers: headers, body: bytes) }
    var bytes: [UInt8] { Array(body.canonicalText.utf8) }

    /// - Throws: `notice.bad-secret`, `outbound.url-invalid`. Neither repeats what is secret.
    init(_ message: NoticeMessage, to destination: NoticeDestination, keys: WireKeys, now: Date) throws(SluiceError) {
        var (address, fields) = (keys.address.reveal(), [(String, String)]())
        switch destination {
        case .wecom:
            body = ["msgtype": "markdown", "markdown": ["content": .string(message.text)]]
        case .slack:
            body = ["text": .string(message.text)]
        case .feishu:
            var members: [String: JSONValue] = ["msg_type": "text", "content": ["text": .string(message.text)]]
            if let secret = keys.secret {
                let time = String(Int64(now.timeIntervalSince1970))
                members["timestamp"] = .string(time)
                // The key is time and secret, and nothing is signed with it: so the documentation has it.
                members["sign"] = .string(Self.code(of: "", key: "\(time)\n\(secret.reveal())"))
            }
            body = .object(members)
        case .dingtalk:
            body = [
                "msgtype": "markdown",
                "markdown": ["title": .string(message.title), "text": .string(message.text)],
            ]
            if let secret = keys.secret {
                let time = String(Int64(now.timeIntervalSince1970 * 1000))
                let sign = Self.code(of: "\(time)\n\(secret.reveal())", key: secret.reveal())
                address += (address.holds("?") ? "&" : "?") + "timestamp=\(time)&sign=\(Self.encoded(sign))"
            }
        case .webhook:
            guard let notice = message.notices.first, let secret = keys.secret else {
                throw SluiceError("notice.bad-secret", .stalled, "there is nothing to sign")
            }
            body = Self.event(notice, link: message.link)
            let bytes = Array(body.canonicalText.utf8)
            guard
                let proof = StandardWebhookSigner.headers(
                    for: bytes, id: notice.messageID, time: Int64(now.timeIntervalSince1970), secret: secret)
            else {
                throw SluiceError(
                    "notice.bad-secret", .stalled, "the secret of the webhook is none",
                    hint: "write whsec_ and 24 to 64 random bytes in base64")
            }
            fields = proof
        case .email: throw SluiceError("notice.no-mail", .stalled, "mail goes another way")
        }
        url = try OutboundURL(address)
        headers = fields
    }

    /// Standard Webhooks: the type, when it happened, and what; well below 20 kB.
    private static func event(_ notice: Notice, link: String?) -> JSONValue {
        var data: [String: JSONValue] = [
            "kind": .string(notice.object.kind), "name": .string(notice.object.name),
            "severity": .string(notice.severity.rawValue), "reason": .string(notice.reason),
            "message": .string(notice.message.fitting(8 << 10)), "repeats": .integer(Int(notice.repeats)),
        ]
        data["title"] = notice.title.map { .string($0) }
        data["url"] = link.map { .string($0) }
        data["requestedBy"] = notice.actor.map { .string($0) }
        let word = notice.reason.prefix(1).lowercased() + notice.reason.dropFirst()
        return [
            "type": .string("sluice.\(notice.object.kind.lowercased()).\(word)"),
            "timestamp": .string(notice.createdAt.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))),
            "data": .object(data),
        ]
    }

    private static func code(of text: String, key: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(text.utf8), using: SymmetricKey(data: Array(key.utf8)))
        return Data(code).base64EncodedString()
    }

    /// Base64 as a value of a query.
    private static func encoded(_ text: String) -> String {
        text.replacingAll("+", with: "%2B").replacingAll("/", with: "%2F").replacingAll("=", with: "%3D")
    }
}
