import AccessControl
import DesiredState
import StateStore

/// `/api/v1/notices`: what people and programs were told, and what became of it.
struct NoticeRoutes {
    private let notices: any NoticeDirectory

    init(_ notices: any NoticeDirectory) { self.notices = notices }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/api/v1/notices", surface: .control, operation: "listNotices",
                summary: "What channels were told, newest first.", access: .shows,
                query: [
                    .init(name: "channel", summary: "Only what this channel was told."),
                    .init(name: "kind", summary: "Together with name: only of this object."),
                    .init(name: "name", summary: "Together with kind: only of this object."),
                    .init(
                        name: "state", summary: "Only those that became one of these, separated by commas.",
                        schema: ["type": "array", "items": .words(NoticeState.allCases.map(\.rawValue))]),
                    .init(name: "since", summary: "Only of what happened at this time or later.", schema: .time),
                ] + Paging.parameters,
                outcomes: [.init(status: 200, summary: "A page of notices.", schema: .page("Notice"))], handle: list),
            Route(
                method: .get, pattern: "/api/v1/notices/{id}", surface: .control, operation: "getNotice",
                summary: "One notice.", access: .shows,
                outcomes: [.init(status: 200, summary: "The notice.", schema: .reference("Notice"))], handle: get),
            Route(
                method: .post, pattern: "/api/v1/notices/{id}/redeliver", surface: .control,
                operation: "redeliverNotice", summary: "Has a notice sent once more, now, under the same id.",
                access: .needs(.reconcile), outcomes: [Self.accepted], handle: redeliver),
            Route(
                method: .post, pattern: "/api/v1/notices", surface: .control, operation: "testChannel",
                summary: "Has a channel told that this is a test.", access: .needs(.reconcile),
                body: .record(["channel": .text]), auditedBody: Self.audited, outcomes: [Self.accepted], handle: test),
        ]
    }

    private static let accepted = Route.Outcome(
        status: 202, summary: "It will be sent.", schema: .reference("Notice"))

    private func list(_ call: Call) async throws -> Answer {
        let filter = NoticeFilter(
            subscriber: call.value("channel"), object: try call.objectFilter,
            states: try call.words("state", of: NoticeState.self), since: try call.time("since"))
        let page = try await notices.list(filter, page: try Paging.page(call))
        return Answer(Paging.body(page.only { call.caller.sees($0.object) }, Self.body))
    }

    private func get(_ call: Call) async throws -> Answer { Answer(Self.body(try await find(call))) }

    private func redeliver(_ call: Call) async throws -> Answer {
        let found = try await find(call)
        _ = try await notices.redeliver(found.id)
        return Answer(status: .accepted, Self.body(try await find(call)))
    }

    private func test(_ call: Call) async throws -> Answer {
        guard let channel = Self.channel(call), (1...63).contains(channel.utf8.count) else {
            throw CallFailure(
                .badRequest, "notice.malformed", "the request is not understood", hint: #"send {"channel": "ops"}"#)
        }
        let key = ResourceKey(kind: ResourceKind.notificationChannel.rawValue, name: channel)
        let made = try await notices.test(key, by: call.caller.subject.name)
        guard let notice = try await notices.notice(made.id) else { throw CallFailure.hidden }
        return Answer(status: .accepted, Self.body(notice))
    }

    private func find(_ call: Call) async throws -> Notice {
        guard let id = Int64(call.parameter("id")), id > 0, let found = try await notices.notice(id),
            call.caller.sees(found.object)
        else { throw CallFailure.hidden }
        return found
    }

    private static func channel(_ call: Call) -> String? { call.json?["channel"]?.string }

    @Sendable private static func audited(_ call: Call) -> JSONValue { ["channel": .optional(channel(call))] }

    private static func body(_ notice: Notice) -> JSONValue {
        [
            "id": .integer(Int(notice.id)), "messageId": .string(notice.messageID),
            "channel": .string(notice.subscriber.name), "kind": .string(notice.object.kind),
            "name": .string(notice.object.name), "type": .string(notice.severity.rawValue),
            "reason": .string(notice.reason), "message": .string(notice.message), "title": .optional(notice.title),
            "requestedBy": .optional(notice.actor), "repeats": .integer(Int(notice.repeats)),
            "state": .string(notice.state.rawValue), "attempts": .integer(notice.attempts),
            "status": .optional(notice.status), "answer": .optional(notice.answer),
            "createdAt": .time(notice.createdAt), "nextAttemptAt": .time(notice.nextAttemptAt),
            "attemptedAt": .time(notice.attemptedAt), "endedAt": .time(notice.endedAt),
        ]
    }

    static let schemas: [String: JSONValue] = [
        "Notice": .record([
            "id": .whole, "messageId": .text, "channel": .text, "kind": .text, "name": .text,
            "type": ["enum": ["Normal", "Warning"]], "reason": .text, "message": .text, "title": .textOrNull,
            "requestedBy": .textOrNull, "repeats": .whole, "state": .words(NoticeState.allCases.map(\.rawValue)),
            "attempts": .whole, "status": ["type": ["integer", "null"]], "answer": .textOrNull, "createdAt": .time,
            "nextAttemptAt": .timeOrNull, "attemptedAt": .timeOrNull, "endedAt": .timeOrNull,
        ])
    ]
}
