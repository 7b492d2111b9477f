import AccessControl
import DesiredState
import StateStore
import Webhooks

/// `/hooks/…`: somebody says that something changed. It is kept, answered, and read afterwards; only a hint is taken from
/// it: where to look.
struct WebhookRoutes {
    private let receiver: WebhookReceiver

    init(_ receiver: WebhookReceiver) { self.receiver = receiver }

    /// How large a webhook may be, in bytes.
    static let bodyLimit = 1 << 20

    var routes: [Route] {
        var local = Route(
            method: .post, pattern: "/hooks/local", surface: .hooks, operation: "localProjectChanged",
            summary: "A repository of a local forge was pushed to. The controller looks for itself what changed.",
            access: .needs(.notify),
            outcomes: [.init(status: 202, summary: "It is kept and will be looked at.", schema: .reference("Receipt"))],
            handle: self.local)
        local.body = .record([:], optional: ["project": .text, "repository": .text])
        return [
            local, forge("/hooks/{source}", operation: "receiveWebhook"),
            forge("/hooks/{source}/{token}", operation: "receiveWebhookWithToken"),
        ]
    }

    private func forge(_ pattern: RoutePattern, operation: String) -> Route {
        var route = Route(
            method: .post, pattern: pattern, surface: .webhooks, operation: operation,
            summary: "A webhook of the forge of that name, proved in the forge's own way.", access: .proven,
            outcomes: [
                .init(
                    status: 200, summary: "It was here before, or only asked whether somebody is there.",
                    schema: ["type": "object"]),
                .init(status: 202, summary: "It is kept and will be looked at.", schema: .reference("Receipt")),
            ], handle: receive)
        route.body = ["type": "object"]
        route.bodyLimit = Self.bodyLimit
        return route
    }

    private func receive(_ call: Call) async throws -> Answer {
        let token = call.parameter("token")
        let delivery = WebhookDelivery(
            headers: call.headers, pathToken: token.isEmpty ? nil : token, body: call.body)
        guard Self.isPlainJSON(delivery) else { throw CallFailure.webhookNotJSON }
        switch try await receiver.receive(delivery, from: call.parameter("source")) {
        case .pong: return Answer(["status": "pong"])
        case .kept(let receipt):
            return Answer(status: receipt.isRepeat ? .ok : .accepted, DeliveryBodies.receipt(receipt))
        }
    }

    /// What is compressed would have to be unpacked before it is known whose it is.
    private static func isPlainJSON(_ delivery: WebhookDelivery) -> Bool {
        guard let type = delivery.only("Content-Type")?.prefix(while: { $0 != ";" }), delivery.body.count <= bodyLimit
        else { return false }
        let encodings = delivery.headers["content-encoding"] ?? []
        return type.trimmingSpaces.lowercased() == "application/json"
            && encodings.allSatisfy { ["", "identity"].contains($0.lowercased()) }
    }

    private func local(_ call: Call) async throws -> Answer {
        guard let body = call.json else { throw Self.malformed }
        let hint: JSONValue
        switch (body["project"]?.string, body["repository"]?.string) {
        case (let project?, nil) where Self.isName(project, limit: 255): hint = ["project": .string(project)]
        case (nil, let path?) where Self.isName(path, limit: 4000): hint = ["repository": .string(path)]
        default: throw Self.malformed
        }
        let receipt = try await receiver.receive(local: Array(hint.canonicalText.utf8))
        return Answer(status: .accepted, DeliveryBodies.receipt(receipt))
    }

    private static func isName(_ text: String, limit: Int) -> Bool {
        !text.isEmpty && text.utf8.count <= limit && !text.hasControlCharacters
    }

    private static var malformed: CallFailure {
        CallFailure(
            .badRequest, "hook.malformed", "the body is not a notification",
            hint: #"send {"project": "land"} or {"repository": "/srv/git/land.git"}"#)
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
