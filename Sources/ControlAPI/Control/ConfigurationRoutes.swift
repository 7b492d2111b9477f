import DesiredState
import StateStore

/// `/api/v1/configuration`: what changed in desired state, by which commit of whom.
struct ConfigurationRoutes {
    private let changes: any ConfigurationChanges

    init(_ changes: any ConfigurationChanges) { self.changes = changes }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/api/v1/configuration/changes", surface: .control,
                operation: "listConfigurationChanges", summary: "Changes of desired state, newest first.",
                query: [
                    .init(name: "kind", summary: "Together with name: only changes of this object."),
                    .init(name: "name", summary: "Together with kind: only changes of this object."),
                ] + Paging.parameters,
                outcomes: [
                    .init(status: 200, summary: "A page of changes.", schema: .page("ConfigurationChange"))
                ], handle: list),
            Route(
                method: .get, pattern: "/api/v1/configuration/changes/{id}", surface: .control,
                operation: "getConfigurationChange", summary: "One change of desired state.",
                outcomes: [
                    .init(status: 200, summary: "The change.", schema: .reference("ConfigurationChange"))
                ], handle: get),
        ]
    }

    private func list(_ call: Call) async throws -> Answer {
        let page = try await changes.list(of: try call.objectFilter, page: try Paging.page(call))
        return Answer(Paging.body(page, Self.body))
    }

    private func get(_ call: Call) async throws -> Answer {
        guard let id = Int64(call.parameter("id")), id > 0, let change = try await changes.change(id) else {
            throw CallFailure(.notFound, "configuration.unknown-change", "there is no such change of desired state")
        }
        return Answer(Self.body(change))
    }

    /// A change as it is answered.
    static func body(_ change: ConfigurationChange) -> JSONValue {
        [
            "id": .integer(Int(change.id)), "source": .string(change.source),
            "revision": .string(change.revision.id), "author": .optional(change.revision.author),
            "subject": .optional(change.revision.subject), "authoredAt": .time(change.revision.authoredAt),
            "appliedAt": .time(change.appliedAt), "resources": .array(change.entries.map(entry)),
        ]
    }

    /// What became of an object, as it is answered.
    static func entry(_ entry: ConfigurationEntry) -> JSONValue {
        [
            "kind": .string(entry.key.kind), "name": .string(entry.key.name), "effect": .string(entry.effect.rawValue),
            "generation": entry.generation.map { .integer(Int($0)) } ?? .null,
            "fields": .array(
                entry.fields.map {
                    ["path": .string($0.path), "before": $0.before ?? .null, "after": $0.after ?? .null]
                }),
        ]
    }

    static let schemas: [String: JSONValue] = [
        "ConfigurationChange": .record([
            "id": .whole, "source": .text, "revision": .text, "author": .textOrNull, "subject": .textOrNull,
            "authoredAt": .timeOrNull, "appliedAt": .time, "resources": .list("ConfigurationEntry"),
        ]),
        "ConfigurationEntry": .record([
            "kind": .text, "name": .text, "effect": .words(ConfigurationEntry.Effect.allCases.map(\.rawValue)),
            "generation": .wholeOrNull,
            "fields": ["type": "array", "items": .record(["path": .text, "before": [:], "after": [:]])],
        ]),
    ]
}
