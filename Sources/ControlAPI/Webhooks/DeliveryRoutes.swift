import AccessControl
import DesiredState
import StateStore

/// `/api/v1/deliveries`: which webhooks came, and what became of them.
struct DeliveryRoutes {
    private let deliveries: any DeliveryDirectory

    init(_ deliveries: any DeliveryDirectory) { self.deliveries = deliveries }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/api/v1/deliveries", surface: .control, operation: "listDeliveries",
                summary: "Webhooks that came, newest first; the same one is listed once.", access: .needs(.read),
                query: [
                    .init(name: "source", summary: "Only of this source."),
                    .init(
                        name: "outcome", summary: "Only those that became one of these, separated by commas.",
                        schema: ["type": "array", "items": .words(DeliveryOutcome.allCases.map(\.rawValue))]),
                    .init(name: "since", summary: "Only those that came at this time or later.", schema: .time),
                ] + Paging.parameters,
                outcomes: [.init(status: 200, summary: "A page of deliveries.", schema: .page("Delivery"))],
                handle: list),
            Route(
                method: .get, pattern: "/api/v1/deliveries/{id}", surface: .control, operation: "getDelivery",
                summary: "One webhook that came.", access: .needs(.read),
                outcomes: [.init(status: 200, summary: "The delivery.", schema: .reference("Delivery"))], handle: get),
            Route(
                method: .post, pattern: "/api/v1/deliveries/{id}/redeliver", surface: .control,
                operation: "redeliver", summary: "Has a webhook handled once more, as if it came now.",
                access: .needs(.reconcile),
                outcomes: [.init(status: 202, summary: "It will be handled.", schema: .reference("Delivery"))],
                handle: redeliver),
        ]
    }

    private func list(_ call: Call) async throws -> Answer {
        let filter = DeliveryFilter(
            source: call.value("source"), outcomes: try call.words("outcome", of: DeliveryOutcome.self),
            since: try call.time("since"))
        return Answer(
            Paging.body(try await deliveries.list(filter, page: try Paging.page(call)), DeliveryBodies.delivery))
    }

    private func get(_ call: Call) async throws -> Answer { Answer(DeliveryBodies.delivery(try await find(call))) }

    private func redeliver(_ call: Call) async throws -> Answer {
        let found = try await find(call)
        guard try await deliveries.redeliver(found.id) else {
            throw CallFailure(
                .conflict, "delivery.nothing-left", "nothing of the delivery is left that could be handled",
                hint: "have the forge send it again")
        }
        return Answer(status: .accepted, DeliveryBodies.delivery(try await find(call)))
    }

    private func find(_ call: Call) async throws -> Delivery {
        guard let id = Int64(call.parameter("id")), id > 0, let found = try await deliveries.delivery(id) else {
            throw CallFailure(.notFound, "delivery.unknown", "there is no such delivery, or none any more")
        }
        return found
    }
}

/// Deliveries as they are answered.
enum DeliveryBodies {
    static func receipt(_ receipt: DeliveryReceipt) -> JSONValue {
        [
            "delivery": .integer(Int(receipt.id)), "repeat": .bool(receipt.isRepeat),
            "outcome": .string(receipt.outcome.rawValue),
        ]
    }

    static func delivery(_ delivery: Delivery) -> JSONValue {
        [
            "id": .integer(Int(delivery.id)), "source": .string(delivery.source), "scheme": .string(delivery.scheme),
            "event": .optional(delivery.event), "headers": delivery.headers, "digest": .string(delivery.digest),
            "size": .integer(delivery.size), "hint": delivery.hint, "outcome": .string(delivery.outcome.rawValue),
            "reason": .optional(delivery.reason), "attempts": .integer(delivery.attempts),
            "repeats": .integer(Int(delivery.repeats)), "receivedAt": .time(delivery.receivedAt),
            "handledAt": .time(delivery.handledAt), "hasBody": .bool(delivery.hasBody),
        ]
    }

    static let schemas: [String: JSONValue] = [
        "Receipt": .record([
            "delivery": .whole, "repeat": ["type": "boolean"],
            "outcome": .words(DeliveryOutcome.allCases.map(\.rawValue)),
        ]),
        "Delivery": .record([
            "id": .whole, "source": .text, "scheme": .text, "event": .textOrNull, "headers": ["type": "object"],
            "digest": .text, "size": .whole, "hint": [:], "outcome": .words(DeliveryOutcome.allCases.map(\.rawValue)),
            "reason": .textOrNull, "attempts": .whole, "repeats": .whole, "receivedAt": .time,
            "handledAt": .timeOrNull, "hasBody": ["type": "boolean"],
        ]),
    ]
}
