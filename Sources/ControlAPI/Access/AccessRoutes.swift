import AccessControl
import DesiredState
import Diagnostics

/// `/api/v1/access/…`: who the caller is, and what they, or others, may do.
struct AccessRoutes {
    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/api/v1/access/whoami", surface: .control, operation: "whoAmI",
                summary: "Who the caller is, as far as it was proved.", access: .authenticated,
                outcomes: [.init(status: 200, summary: "The subject.", schema: .reference("Subject"))]
            ) { call in Answer(Self.body(call.caller.subject)) },
            Route(
                method: .get, pattern: "/api/v1/access/can-i", surface: .control, operation: "canI",
                summary: "Whether somebody may do something, and what allows it.", access: .authenticated,
                query: [
                    .init(name: "verb", summary: "What.", schema: .words(Verb.allCases.map(\.rawValue))),
                    .init(name: "kind", summary: "Together with name: with which object; else the controller."),
                    .init(name: "name", summary: "Together with kind: with which object."),
                    .init(name: "user", summary: "Whether this user may; for administrators."),
                    .init(name: "groups", summary: "The user's groups, separated by commas."),
                ],
                outcomes: [.init(status: 200, summary: "The answer.", schema: .reference("AccessAnswer"))],
                handle: canI),
        ]
    }

    private func canI(_ call: Call) async throws -> Answer {
        guard let verb = call.value("verb").flatMap({ Verb(rawValue: $0) }) else {
            throw CallFailure.badParameter("verb", "one of \(Verb.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let object = try call.objectFilter.map { AccessObject.resource($0) } ?? .controller
        var subject = call.caller.subject
        if let user = call.value("user") {
            try call.caller.require(.administer, .controller)
            subject = Subject(user, groups: Set(call.values("groups")), proof: .token)
        }
        let decision = call.caller.rules.authorize(subject, verb, object)
        var reason: String?
        if case .allowed(let because) = decision { reason = because }
        return Answer([
            "allowed": .bool(decision.isAllowed), "reason": .optional(reason), "subject": .string(subject.name),
        ])
    }

    private static func body(_ subject: Subject) -> JSONValue {
        [
            "name": .string(subject.name), "proof": .string(subject.proof.rawValue),
            "groups": .array(subject.groups.sorted().map { .string($0) }),
            "scopes": .array(subject.scopes.map { .string($0.description) }),
            "role": .optional(subject.standingRole?.rawValue),
        ]
    }

    static let schemas: [String: JSONValue] = [
        "Subject": .record([
            "name": .text, "proof": .words(Subject.Proof.allCases.map(\.rawValue)),
            "groups": ["type": "array", "items": .text], "scopes": ["type": "array", "items": .text],
            "role": .textOrNull,
        ]),
        "AccessAnswer": .record(["allowed": ["type": "boolean"], "reason": .textOrNull, "subject": .text]),
    ]
}
