import AccessControl
import DesiredState
import Diagnostics
import StateStore

/// `/api/v1/resources`: what should be, what is, and the wish to have it looked at.
struct ResourceRoutes {
    private let resources: any ResourceDirectory
    private let requests: any ReconcileRequests
    private let plans: any PlanPreviews

    init(_ services: ControlServices) {
        resources = services.resources
        requests = services.requests
        plans = services.plans
    }

    var routes: [Route] {
        let page = Route.Outcome(status: 200, summary: "A page of objects.", schema: .page("Resource"))
        return [
            Route(
                method: .get, pattern: "/api/v1/resources", surface: .control, operation: "listResources",
                summary: "The objects of every kind.", access: .shows, query: Paging.parameters, outcomes: [page]
            ) { try await list($0, kinds: resources.kinds) },
            Route(
                method: .get, pattern: "/api/v1/resources/{kind}", surface: .control, operation: "listResourcesOfKind",
                summary: "The objects of a kind.", access: .shows, query: Paging.parameters, outcomes: [page]
            ) { try await list($0, kinds: [try known($0.parameter("kind"))]) },
            Route(
                method: .get, pattern: "/api/v1/resources/{kind}/{name*}", surface: .control, operation: "getResource",
                summary: "One object. A composed name such as land/1042 is written as it is, slashes and all.",
                access: .needs(.read, Self.object),
                outcomes: [.init(status: 200, summary: "The object.", schema: .reference("Resource"))], handle: get),
            Route(
                method: .post, pattern: "/api/v1/resources/{kind}/{name*}/reconcile", surface: .control,
                operation: "reconcileResource",
                summary: "Asks for an object to be looked at now. The run that answers has the pass that is returned.",
                access: .needs([.reconcile, .confirm]) { call in
                    let confirms = call.value("confirmDeletions") != nil || call.value("confirmRevision") != nil
                    return (confirms ? .confirm : .reconcile, Self.object(call))
                },
                query: [
                    .init(
                        name: "confirmDeletions",
                        summary:
                            "Of a registry, or of desired state: how many deletions may be made beyond the budget.",
                        schema: ["type": "integer", "minimum": 1, "maximum": 10_000]),
                    .init(
                        name: "confirmRevision",
                        summary: "Of desired state: the head that may come into force although history was rewritten."),
                ],
                outcomes: [.init(status: 202, summary: "It will be.", schema: .reference("ReconcileTicket"))],
                handle: reconcile),
            Route(
                method: .get, pattern: "/api/v1/tickets/{pass}/{kind}/{name*}", surface: .control,
                operation: "getReconcileTicket",
                summary: "Whether the pass that answers a request has come to its end.",
                access: .needs(.read, Self.object),
                outcomes: [.init(status: 200, summary: "The answer.", schema: .reference("TicketState"))],
                handle: ticket),
            Route(
                method: .get, pattern: "/api/v1/plans/{kind}/{name*}", surface: .control, operation: "previewPlan",
                summary: "What would be done about an object now. Nothing is carried out.",
                access: .needs(.read, Self.object),
                outcomes: [.init(status: 200, summary: "The plan.", schema: .reference("Plan"))], handle: plan),
        ]
    }

    @Sendable private static func object(_ call: Call) -> AccessObject { .resource(call.resourceKey) }

    private func list(_ call: Call, kinds: [String]) async throws -> Answer {
        let limit = try Paging.limit(call)
        let start = try call.value("cursor").map { text throws(CallFailure) in
            guard let key = ResourceKey(text), kinds.contains(key.kind) else {
                throw .badParameter("cursor", "the nextCursor of the page before")
            }
            return key
        }
        var found: [StoredResource] = []
        for kind in kinds[(start.flatMap { kinds.firstIndex(of: $0.kind) } ?? 0)...] where found.count <= limit {
            let after = kind == start?.kind ? start?.name : nil
            found += try await resources.visible(
                to: call.caller, kind: kind, after: after, limit: limit + 1 - found.count)
        }
        let page = found.prefix(limit)
        return Answer([
            "items": .array(page.map(ResourceBody.body)),
            "nextCursor": .optional(found.count > limit ? page.last?.key.description : nil),
        ])
    }

    private func get(_ call: Call) async throws -> Answer { Answer(ResourceBody.body(try await resource(call))) }

    private func reconcile(_ call: Call) async throws -> Answer {
        let key = try await resource(call).key
        let confirmation = ReconcileConfirmation(
            deletions: try Self.confirmedDeletions(call, for: key), revision: try Self.confirmedRevision(call, for: key)
        )
        let pass = try await requests.reconcile(key, confirming: confirmation)
        return Answer(
            status: .accepted,
            ["kind": .string(key.kind), "name": .string(key.name), "pass": .integer(Int(pass))])
    }

    private static func confirmedDeletions(_ call: Call, for key: ResourceKey) throws(CallFailure) -> Int? {
        guard let text = call.value("confirmDeletions") else { return nil }
        guard [ResourceKind.registry.rawValue, configurationKind].contains(key.kind), let number = Int(text),
            (1...10_000).contains(number)
        else { throw .badParameter("confirmDeletions", "a number from 1 to 10000, for a registry or desired state") }
        return number
    }

    private static func confirmedRevision(_ call: Call, for key: ResourceKey) throws(CallFailure) -> String? {
        guard let text = call.value("confirmRevision") else { return nil }
        guard key.kind == configurationKind, text.wholeMatch(of: /[0-9a-f]{40}/) != nil else {
            throw .badParameter("confirmRevision", "a whole commit id, for desired state")
        }
        return text
    }

    /// The kind of the object that stands for desired state as a whole.
    private static let configurationKind = "Configuration"

    private func ticket(_ call: Call) async throws -> Answer {
        guard let pass = Int64(call.parameter("pass")), pass > 0 else {
            throw CallFailure(.notFound, "ticket.unknown", "there is no such pass")
        }
        let key = call.resourceKey
        return Answer([
            "kind": .string(key.kind), "name": .string(key.name), "pass": .integer(Int(pass)),
            "answered": .bool(try await requests.isAnswered(key, pass: pass)),
        ])
    }

    private func plan(_ call: Call) async throws -> Answer {
        let key = try await resource(call).key
        return Answer(PlanBody.body(try await plans.preview(key)))
    }

    private func resource(_ call: Call) async throws -> StoredResource {
        let key = call.resourceKey
        _ = try known(key.kind)
        guard !key.name.holds("\0"), let resource = try await resources.resource(key) else {
            throw CallFailure(
                .notFound, "resource.unknown", "there is no \(key.kind) \"\(key.name.visible)\"",
                hint: try await likely(key, for: call.caller).map { "did you mean \($0)?" })
        }
        return resource
    }

    /// The object that was meant: one whose composed name ends in what was asked for, or whose name is nearly the same.
    private func likely(_ key: ResourceKey, for caller: Caller) async throws -> String? {
        let names = try await resources.visible(
            to: caller, kind: key.kind, after: nil, limit: PageRequest.maximumLimit
        ).map(\.key.name)
        return names.first { $0.ends(with: "/\(key.name)") } ?? Suggestion.nearest(to: key.name.visible, in: names)
    }

    private func known(_ kind: String) throws(CallFailure) -> String {
        if resources.kinds.contains(kind) { return kind }
        let nearest = Suggestion.nearest(to: kind, in: resources.kinds).map { "did you mean \($0)?" }
        throw CallFailure(
            .notFound, "resource.unknown-kind", "there is no such kind of object",
            hint: nearest ?? "there are: \(resources.kinds.joined(separator: ", "))")
    }
}
