import DesiredState
import Diagnostics
import StateStore

/// `/api/v1/resources`: what should be, what is, and the wish to have it looked at.
struct ResourceRoutes {
    private let resources: any ResourceDirectory
    private let requests: any ReconcileRequests

    init(_ services: ControlServices) {
        resources = services.resources
        requests = services.requests
    }

    var routes: [Route] {
        let page = Route.Outcome(status: 200, summary: "A page of objects.", schema: .page("Resource"))
        return [
            Route(
                method: .get, pattern: "/api/v1/resources", surface: .control, operation: "listResources",
                summary: "The objects of every kind.", query: Paging.parameters, outcomes: [page]
            ) { try await list($0, kinds: resources.kinds) },
            Route(
                method: .get, pattern: "/api/v1/resources/{kind}", surface: .control, operation: "listResourcesOfKind",
                summary: "The objects of a kind.", query: Paging.parameters, outcomes: [page]
            ) { try await list($0, kinds: [try known($0.parameter("kind"))]) },
            Route(
                method: .get, pattern: "/api/v1/resources/{kind}/{name*}", surface: .control, operation: "getResource",
                summary: "One object. A composed name such as land/1042 is written as it is, slashes and all.",
                outcomes: [.init(status: 200, summary: "The object.", schema: .reference("Resource"))], handle: get),
            Route(
                method: .post, pattern: "/api/v1/resources/{kind}/{name*}/reconcile", surface: .control,
                operation: "reconcileResource",
                summary: "Asks for an object to be looked at now. The run that answers has the pass that is returned.",
                outcomes: [.init(status: 202, summary: "It will be.", schema: .reference("ReconcileTicket"))],
                handle: reconcile),
        ]
    }

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
            found += try await resources.resources(kind: kind, after: after, limit: limit + 1 - found.count)
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
        let pass = try await requests.reconcile(key)
        return Answer(
            status: .accepted,
            ["kind": .string(key.kind), "name": .string(key.name), "pass": .integer(Int(pass))])
    }

    private func resource(_ call: Call) async throws -> StoredResource {
        let key = call.resourceKey
        _ = try known(key.kind)
        guard !key.name.contains("\0"), let resource = try await resources.resource(key) else {
            throw CallFailure(.notFound, "resource.unknown", "there is no \(key.kind) of that name")
        }
        return resource
    }

    private func known(_ kind: String) throws(CallFailure) -> String {
        if resources.kinds.contains(kind) { return kind }
        let nearest = Suggestion.nearest(to: kind, in: resources.kinds).map { "did you mean \($0)?" }
        throw CallFailure(
            .notFound, "resource.unknown-kind", "there is no such kind of object",
            hint: nearest ?? "there are: \(resources.kinds.joined(separator: ", "))")
    }
}
