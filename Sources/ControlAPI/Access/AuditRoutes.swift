import AccessControl
import DesiredState
import StateStore

/// `/api/v1/audit`: what people did and were refused.
struct AuditRoutes {
    private let audit: any AuditDirectory

    init(_ audit: any AuditDirectory) { self.audit = audit }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/api/v1/audit", surface: .control, operation: "listAudit",
                summary:
                    "What people did and were refused, newest first, each record with the hash that binds it to the "
                    + "one before.", access: .needs(.audit),
                query: [
                    .init(name: "actor", summary: "Only what this subject did."),
                    .init(name: "kind", summary: "Only what was done with objects of this kind."),
                    .init(name: "name", summary: "Only what was done with objects of this name."),
                    .init(
                        name: "outcome", summary: "Only what came so far, separated by commas.",
                        schema: [
                            "type": "array", "items": .words(AuditEntry.Outcome.allCases.map(\.rawValue)),
                        ]),
                    .init(name: "request", summary: "Only what belongs to this request."),
                    .init(name: "since", summary: "Only what was done at this time or later.", schema: .time),
                    .init(name: "until", summary: "Only what was done before this time.", schema: .time),
                ] + Paging.parameters,
                outcomes: [
                    .init(
                        status: 200, summary: "A page of records.", schema: .page("AuditRecord"),
                        otherTypes: ListForm.otherTypes)
                ], handle: list)
        ]
    }

    private func list(_ call: Call) async throws -> Answer {
        let form = try ListForm(call)
        let filter = AuditLog.Filter(
            actor: call.value("actor"), kind: call.value("kind"), name: call.value("name"),
            outcomes: try call.words("outcome", of: AuditEntry.Outcome.self), request: call.value("request"),
            since: try call.time("since"), until: try call.time("until"))
        let page = try await audit.list(filter, page: try Paging.page(call))
        return form.answer(page, columns: Self.columns, \.document)
    }

    private static let columns = [
        "id", "at", "actor", "proof", "credential", "onBehalfOf", "address", "action", "verb", "kind", "name",
        "outcome",
        "code",
        "arguments", "request", "attempt", "suppressed", "previous", "hash",
    ]

    static let schemas: [String: JSONValue] = [
        "AuditRecord": .record([
            "id": .whole, "at": .time, "actor": .text, "proof": .words(Subject.Proof.allCases.map(\.rawValue)),
            "credential": .textOrNull, "attempt": .textOrNull, "onBehalfOf": .textOrNull, "address": .textOrNull,
            "action": .text, "verb": .textOrNull,
            "kind": .textOrNull, "name": .textOrNull, "outcome": .words(AuditEntry.Outcome.allCases.map(\.rawValue)),
            "code": .textOrNull, "arguments": ["type": "object"], "request": .text, "suppressed": .whole,
            "previous": .text, "hash": .text,
        ])
    ]
}
