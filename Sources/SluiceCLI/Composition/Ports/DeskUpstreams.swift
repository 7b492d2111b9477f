import ConfigRepository
import ControlAPI
import DesiredState
import Diagnostics
import StateStore
import UpstreamTracking

/// What people ask of upstreams: orders go to their reconciler, everything else is a change of desired state with its record.
struct DeskUpstreams: UpstreamRequests {
    let keeper: DesiredStateKeeper
    let store: StateStore
    let configuration: ConfigurationByHand

    func add(_ name: String, _ spec: JSONValue, by actor: String) async throws -> Int64 {
        guard try await keeper.state().upstreams[name] == nil else {
            throw SluiceError(
                "upstream.exists", .conflict, "there is an upstream of that name already",
                hint: "change it by its manifest: sluice apply")
        }
        let document: JSONValue = [
            "apiVersion": .string(ResourceKind.apiVersion), "kind": .string(ResourceKind.upstream.rawValue),
            "metadata": ["name": .string(name)], "spec": spec,
        ]
        return try await apply(document, named: name, by: actor, isNew: true)
    }

    /// Brings a manifest of an upstream into force.
    /// - Parameter isNew: Whether it is refused when there is an upstream of that name by then.
    func apply(_ document: JSONValue, named name: String, by actor: String, isNew: Bool = false) async throws -> Int64 {
        let file = DesiredStateFile(path: "upstream.yaml", bytes: Array(YAMLText.of(document).utf8))
        _ = try await configuration.apply(.init(files: [file], author: actor, isFromDesk: isNew))
        return try await look(at: Self.key(name))
    }

    func order(
        _ command: TrackingCommand, of name: String, by actor: String
    ) async throws -> (order: Int64, pass: Int64) {
        guard try await keeper.state().upstreams[name] != nil else { throw Self.unknown }
        let given = try await store.orders.give(command.order(of: name, by: actor))
        return (given.id, given.pass)
    }

    func ignore(_ rules: IgnoreRules, of name: String, by actor: String) async throws -> Int64 {
        guard try await keeper.state().upstreams[name] != nil else { throw Self.unknown }
        let words = rules.paths + rules.authors + rules.subjects
        _ = try await configuration.edit(Self.key(name), by: actor, subject: "ignore \(words.joined(separator: ", "))")
        {
            guard let spec = $0.upstream else { throw Self.unknown }
            // Through the schema, which knows what a rule may be.
            var json = ResourceSpec.upstream(spec).json.object ?? [:]
            json["ignore"] = [
                "paths": Self.list(spec.ignore.paths, rules.paths),
                "authors": Self.list(spec.ignore.authors, rules.authors),
                "subjects": Self.list(spec.ignore.subjects, rules.subjects),
            ]
            return try ResourceSpec(kind: .upstream, json: .object(json))
        }
        return try await look(at: Self.key(name))
    }

    func remove(_ name: String, by actor: String) async throws -> Int64 {
        guard try await keeper.state().upstreams[name] != nil else { throw Self.unknown }
        _ = try await configuration.withdraw(Self.key(name), by: actor)
        return try await look(at: Self.key(name))
    }

    func orders(of name: String, page: PageRequest) async throws -> Page<Order> {
        try await store.orders.list(of: Self.key(name), page: page)
    }

    private func look(at key: ResourceKey) async throws -> Int64 {
        try await store.queue.enqueue(
            EnqueueRequest(key, lane: .observe, reason: "requested", priority: 10, liftsQuarantine: true)
        ).pass
    }

    private static func key(_ name: String) -> ResourceKey {
        ResourceKey(kind: ResourceKind.upstream.rawValue, name: name)
    }

    private static func list(_ old: [String], _ new: [String]) -> JSONValue {
        .array((old + new.filter { !old.contains($0) }).map { .string($0) })
    }

    private static let unknown = SluiceError(
        "upstream.unknown", .stalled, "there is no upstream of that name",
        hint: "sluice get upstreams shows which there are")
}
