import DesiredState
import StateStore

/// `/api/v1/events`: what happened to objects, for people.
struct EventRoutes {
    private let events: any EventDirectory

    init(_ events: any EventDirectory) { self.events = events }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/api/v1/events", surface: .control, operation: "listEvents",
                summary: "Events, newest first; a repeat is counted on the event it repeats.", access: .shows,
                query: [
                    .init(name: "kind", summary: "Together with name: only events of this object."),
                    .init(name: "name", summary: "Together with kind: only events of this object."),
                ] + Paging.parameters,
                outcomes: [.init(status: 200, summary: "A page of events.", schema: .page("Event"))], handle: list)
        ]
    }

    private func list(_ call: Call) async throws -> Answer {
        let object = try call.objectFilter
        let page = call.mayAsk(of: object) ? try await events.list(of: object, page: try Paging.page(call)) : .empty
        return Answer(Paging.body(page.only { call.caller.sees($0.key) }, Self.body))
    }

    private static func body(_ event: Event) -> JSONValue {
        [
            "id": .integer(Int(event.id)), "kind": .string(event.key.kind), "name": .string(event.key.name),
            "type": .string(event.severity.rawValue), "reason": .string(event.reason),
            "message": .string(event.message), "count": .integer(Int(event.count)),
            "firstSeen": .time(event.firstSeen), "lastSeen": .time(event.lastSeen),
        ]
    }

    static let schemas: [String: JSONValue] = [
        "Event": .record([
            "id": .whole, "kind": .text, "name": .text, "type": ["enum": ["Normal", "Warning"]], "reason": .text,
            "message": .text, "count": .whole, "firstSeen": .time, "lastSeen": .time,
        ])
    ]
}
