import AccessControl
import DesiredState
import Diagnostics
import GitClient
import StateStore
import UpstreamTracking

/// `/api/v1/upstreams`: upstream branches that packages follow, and what people ask of them.
struct UpstreamRoutes {
    private let requests: any UpstreamRequests
    private let reconciling: any ReconcileRequests
    private let resources: any ResourceDirectory

    init(_ services: ControlServices) {
        requests = services.upstreams
        reconciling = services.requests
        resources = services.resources
    }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/api/v1/upstreams", surface: .control, operation: "listUpstreams",
                summary: "Upstreams, each with how far its package is behind, and why it does not go on.",
                access: .shows,
                query: Paging.parameters,
                outcomes: [.init(status: 200, summary: "A page of upstreams.", schema: .page("Resource"))],
                handle: list),
            Route(
                method: .post, pattern: "/api/v1/upstreams", surface: .control, operation: "addUpstream",
                summary: "Takes a new upstream in, as applying its manifest does.",
                access: .needs([.submit]) { call throws(CallFailure) in
                    let body = try Self.body(call)
                    let forge = Self.forge(body["spec"]?["package"]?["forge"]?.string)
                    return (.submit, .resource(.upstream, body["name"]?.string ?? "", within: forge))
                },
                body: .record(
                    ["name": .text, "spec": ["type": "object"]], optional: ["actor": .text, "login": .text]),
                bodyLimit: Self.bodyLimit, auditedBody: { $0.members(["name"]) },
                outcomes: [Self.accepted], handle: add),
            Route(
                method: .get, pattern: "/api/v1/upstreams/{upstream}", surface: .control, operation: "getUpstream",
                summary: "One upstream: its patches, and what became of each.",
                access: .needs(.read, Self.object),
                outcomes: [.init(status: 200, summary: "The upstream.", schema: .reference("Resource"))], handle: get),
            Route(
                method: .delete, pattern: "/api/v1/upstreams/{upstream}", surface: .control,
                operation: "removeUpstream", summary: "Takes an upstream out. What it has open is closed.",
                access: .needs(.withdraw, Self.object),
                query: [
                    .init(name: "actor", summary: "In whose name, of whoever is trusted altogether."),
                    .init(name: "login", summary: "The same, where no name was said."),
                ], outcomes: [Self.accepted], handle: remove),
            Route(
                method: .get, pattern: "/api/v1/upstreams/{upstream}/orders", surface: .control,
                operation: "listUpstreamOrders", summary: "What people have ordered, newest first, with the answers.",
                access: .needs(.read, Self.object),
                query: Paging.parameters,
                outcomes: [.init(status: 200, summary: "A page of orders.", schema: .page("Order"))], handle: orders),
            Route(
                method: .post, pattern: "/api/v1/upstreams/{upstream}/{command}", surface: .control,
                operation: "askOfUpstream",
                summary: "Asks something of an upstream: scan, move-cursor, reopen, ignore.",
                access: .needs([.operate, .reconcile]) { call in
                    (call.parameter("command") == "scan" ? .reconcile : .operate, Self.object(call))
                },
                body: .record(
                    [:],
                    optional: [
                        "actor": .text, "login": .text, "commit": .text, "paths": .texts, "authors": .texts,
                        "subjects": .texts,
                    ]),
                bodyLimit: Self.bodyLimit,
                auditedBody: { $0.members(["commit", "paths", "authors", "subjects"]) },
                outcomes: [Self.accepted], handle: ask),
        ]
    }

    /// A new upstream pushes with its Forge's credentials, and reads with those of its source's.
    private static func forge(_ name: String?) -> ResourceKey {
        ResourceKey(kind: ResourceKind.forge.rawValue, name: name ?? "")
    }

    private static let bodyLimit = 1 << 20
    private static let kind = ResourceKind.upstream.rawValue
    private static let accepted = Route.Outcome(
        status: 202, summary: "It is taken; the pass that is returned answers.", schema: .reference("ReconcileTicket"))

    private func list(_ call: Call) async throws -> Answer { try await resources.page(of: Self.kind, for: call) }

    private func known(_ call: Call) async throws -> StoredResource {
        let name = call.parameter("upstream")
        guard !name.hasControlCharacters,
            let found = try await resources.resource(ResourceKey(kind: Self.kind, name: name))
        else {
            throw CallFailure(
                .notFound, "upstream.unknown", "there is no upstream \"\(name.visible)\"", hint: "see /api/v1/upstreams"
            )
        }
        return found
    }

    private func get(_ call: Call) async throws -> Answer { Answer(ResourceBody.body(try await known(call))) }

    private func orders(_ call: Call) async throws -> Answer {
        let found = try await known(call)
        let page = try await requests.orders(of: found.key.name, page: try Paging.page(call))
        return Answer(Paging.body(page, Self.body))
    }

    private func add(_ call: Call) async throws -> Answer {
        let body = try Self.body(call)
        guard let name = body["name"]?.string, let spec = body["spec"], spec.object != nil else {
            throw Self.malformed(#"send {"name": "tool", "actor": "alice", "spec": {…}}"#)
        }
        if let source = spec["source"]?["forge"]?.string, source != spec["package"]?["forge"]?.string {
            try call.caller.require(.submit, .resource(Self.forge(source)))
        }
        do {
            return Self.ticket(
                name,
                try await requests.add(
                    name, spec, by: try Self.actor(body["actor"]?.string, body["login"]?.string, call.caller)))
        } catch let error as DiagnosticsError {
            throw CallFailure(.badRequest, error.sluiceError.code.rawValue, error.description)
        }
    }

    private func remove(_ call: Call) async throws -> Answer {
        let name = try await known(call).key.name
        return Self.ticket(
            name,
            try await requests.remove(name, by: try Self.actor(call.value("actor"), call.value("login"), call.caller)))
    }

    private func ask(_ call: Call) async throws -> Answer {
        let body = try Self.body(call)
        let name = try await known(call).key.name
        let actor = try Self.actor(body["actor"]?.string, body["login"]?.string, call.caller)
        switch call.parameter("command") {
        case "scan":
            let key = ResourceKey(kind: Self.kind, name: name)
            return Self.ticket(name, try await reconciling.reconcile(key, confirming: ReconcileConfirmation()))
        case "move-cursor":
            guard let commit = body["commit"]?.string.flatMap({ ObjectID(exactly: $0) }) else {
                throw Self.malformed("commit is a whole commit id of 40 digits")
            }
            return try await order(.moveCursor(to: commit), of: name, by: actor)
        case "reopen": return try await order(.reopen, of: name, by: actor)
        case "ignore":
            let rules = IgnoreRules(
                paths: try Self.texts(body, "paths"), authors: try Self.texts(body, "authors"),
                subjects: try Self.texts(body, "subjects"))
            guard rules != IgnoreRules() else { throw Self.malformed("say what: paths, authors or subjects") }
            do {
                return Self.ticket(name, try await requests.ignore(rules, of: name, by: actor))
            } catch let error as DiagnosticsError {
                throw CallFailure(.badRequest, error.sluiceError.code.rawValue, error.description)
            }
        case let other:
            throw CallFailure(
                .notFound, "upstream.unknown-command", "upstreams do not know \(other.visible)",
                hint: "there are: scan, move-cursor, reopen, ignore")
        }
    }

    private func order(_ command: TrackingCommand, of name: String, by actor: String) async throws -> Answer {
        let given = try await requests.order(command, of: name, by: actor)
        return Self.ticket(name, given.pass, order: given.order)
    }

    private static func ticket(_ name: String, _ pass: Int64, order: Int64? = nil) -> Answer {
        var members: [String: JSONValue] = [
            "kind": .string(kind), "name": .string(name), "pass": .integer(Int(pass)),
        ]
        members["order"] = order.map { .integer(Int($0)) }
        return Answer(status: .accepted, .object(members))
    }

    private static func body(_ call: Call) throws(CallFailure) -> JSONValue {
        guard let body = call.json, body.object != nil else { throw malformed("send a JSON object with an actor") }
        return body
    }

    private static func texts(_ body: JSONValue, _ name: String) throws(CallFailure) -> [String] {
        guard let value = body[name] else { return [] }
        let texts = value.array?.compactMap(\.string) ?? []
        guard let count = value.array?.count, count == texts.count, count <= 1000 else {
            throw malformed("\(name) is a list of texts")
        }
        return texts
    }

    @Sendable private static func object(_ call: Call) -> AccessObject {
        .resource(.upstream, call.parameter("upstream"))
    }

    private static func actor(
        _ wanted: String?, _ login: String?, _ caller: Caller
    ) throws(CallFailure) -> String {
        guard let name = try caller.actor(wanted, orElse: login), !name.isEmpty, name.count <= 100,
            !name.hasControlCharacters
        else {
            throw malformed("actor is who asks: a name of at most 100 characters")
        }
        return name
    }

    private static func malformed(_ hint: String) -> CallFailure {
        CallFailure(.badRequest, "upstream.malformed", "the request is not understood", hint: hint)
    }

    private static func body(_ order: Order) -> JSONValue {
        [
            "id": .integer(Int(order.id)), "verb": .string(order.verb), "arguments": order.arguments,
            "actor": .string(order.actor), "givenAt": .time(order.givenAt),
            "outcome": .string(order.outcome.rawValue), "answer": .optional(order.answer),
            "answeredAt": .time(order.answeredAt),
        ]
    }

    static let schemas: [String: JSONValue] = [
        "Order": .record([
            "id": .whole, "verb": .text, "arguments": ["type": "object"], "actor": .text, "givenAt": .time,
            "outcome": .words(Order.Outcome.allCases.map(\.rawValue)), "answer": .textOrNull,
            "answeredAt": .timeOrNull,
        ])
    ]
}
