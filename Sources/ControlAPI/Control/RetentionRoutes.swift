import AccessControl
import DesiredState
import StateStore

/// `/api/v1/history/…`: shows what of the history is old, and forgets it. Nothing else does.
struct RetentionRoutes {
    private let retention: any HistoryRetention

    init(_ retention: any HistoryRetention) { self.retention = retention }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/api/v1/history/forgettable", surface: .control, operation: "previewRetention",
                summary: "What would be forgotten of the history. Nothing is.", access: .needs(.forget),
                query: Self.parameters,
                outcomes: [
                    .init(
                        status: 200, summary: "How much, and of which time.", schema: .reference("ForgettableHistory"))
                ], handle: preview),
            Route(
                method: .post, pattern: "/api/v1/history/forget", surface: .control, operation: "forgetHistory",
                summary: "Forgets the oldest of it: at most 1000 runs. Call again while it says so.",
                access: .needs(.forget),
                query: Self.parameters,
                outcomes: [.init(status: 200, summary: "How many runs.", schema: .reference("ForgottenHistory"))],
                handle: forget),
        ]
    }

    private static let parameters: [Route.Parameter] = [
        .init(name: "olderThan", summary: "Only runs that ended longer ago, such as 90d."),
        .init(
            name: "keep", summary: "How many runs of each object stay whatever their age.",
            schema: ["type": "integer", "minimum": 1, "maximum": .integer(mostKept), "default": 20]),
    ]

    private static let mostKept = 1_000_000
    private static let limit = 1000

    private func preview(_ call: Call) async throws -> Answer {
        let found = try await retention.forgettable(try policy(call))
        return Answer([
            "runs": .integer(found.runs), "tasks": .integer(found.tasks), "oldest": .time(found.oldest),
            "newest": .time(found.newest),
        ])
    }

    private func forget(_ call: Call) async throws -> Answer {
        let count = try await retention.forget(try policy(call), limit: Self.limit)
        return Answer(["runs": .integer(count), "again": .bool(count == Self.limit)])
    }

    private func policy(_ call: Call) throws(CallFailure) -> RetentionPolicy {
        guard let age = try call.duration("olderThan") else {
            throw .badParameter("olderThan", "a length of time such as 90d")
        }
        return RetentionPolicy(age: age, newest: try call.number("keep", in: 1...Self.mostKept) ?? 20)
    }

    static let schemas: [String: JSONValue] = [
        "ForgettableHistory": .record([
            "runs": .whole, "tasks": .whole, "oldest": .timeOrNull, "newest": .timeOrNull,
        ]),
        "ForgottenHistory": .record(["runs": .whole, "again": ["type": "boolean"]]),
    ]
}
