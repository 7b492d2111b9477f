import Crypto
import Diagnostics
import Foundation
import Logging
import StateStore
import TestSupport
import Webhooks

@testable import ControlAPI

/// Webhooks as the forges send them, for the sources of ``SignedWebhook/sources``.
enum SignedWebhook {
    static let secret = "correct horse battery staple"
    static let signing = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    static var sources: [WebhookSource] {
        WebhookScheme.allCases.map { scheme in
            WebhookSource(name: scheme.rawValue, scheme: scheme, secrets: [.init(scheme == .gitlab ? signing : secret)])
        }
    }

    /// The headers that prove a body to be the forge's own.
    static func headers(_ scheme: WebhookScheme, _ body: String, id: String = "msg_1") -> [String: String] {
        var headers = ["Content-Type": "application/json; charset=utf-8"]
        switch scheme {
        case .github: headers["X-Hub-Signature-256"] = "sha256=" + mac(body, Array(secret.utf8)).hex
        case .gitlab:
            let time = String(Int(Date().timeIntervalSince1970))
            let key = Data(base64Encoded: String(signing.dropFirst(6))).map(Array.init) ?? []
            headers["webhook-id"] = id
            headers["webhook-timestamp"] = time
            headers["webhook-signature"] = "v1," + Data(mac("\(id).\(time).\(body)", key)).base64EncodedString()
        case .gitee: headers["X-Gitee-Token"] = secret
        case .gerrit: headers["X-Sluice-Token"] = secret
        }
        return headers
    }

    private static func mac(_ text: String, _ key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }
}

extension [UInt8] {
    var hex: String { reduce(into: "") { $0 += ($1 < 16 ? "0" : "") + String($1, radix: 16) } }
}

extension RecordedPayload {
    /// Who sends it; nil for what no forge sends.
    var scheme: WebhookScheme? { WebhookScheme.allCases.first { rawValue.hasPrefix($0.rawValue) } }

    static var ofForges: [RecordedPayload] { allCases.filter { $0.scheme != nil } }
}

extension FakeServices {
    /// A receiver over this world, whose clock stands still.
    func receiver(_ limits: WebhookReceiver.Limits = .init()) -> WebhookReceiver {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return WebhookReceiver(
            sources: self, inbox: self, limits: limits, now: { Date(timeIntervalSince1970: 0) }, logger: logger)
    }
}

extension FakeServices.World {
    /// The bodies that were kept.
    var hints: [String] { kept.map { String(decoding: $0.body ?? [], as: UTF8.self) } }
}
