import AccessControl
import DatabaseSchema
import DesiredState

/// `/api/v1/candidates/{registry}/{id}/schema-changes`: what a candidate changes in the schema of its base.
struct SchemaChangeRoutes {
    private let changes: any SchemaChangesProvider

    init(_ changes: any SchemaChangesProvider) { self.changes = changes }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/api/v1/candidates/{registry}/{id}/schema-changes", surface: .control,
                operation: "getSchemaChanges",
                summary: "What a candidate's database changes in the schema of its base.",
                access: .needs(.read) {
                    .resource(
                        ResourceKey(
                            kind: "Candidate", components: [$0.parameter("registry"), $0.parameter("id")]))
                },
                outcomes: [.init(status: 200, summary: "The changes.", schema: .reference("SchemaChanges"))],
                handle: get)
        ]
    }

    private func get(_ call: Call) async throws -> Answer {
        let id = call.parameter("id")
        guard id.utf8.count <= 1024, !id.hasControlCharacters,
            let found = try await changes.schemaChanges(of: id, registry: call.parameter("registry"))
        else { throw CallFailure(.notFound, "candidate.unknown", "there is no such candidate") }
        guard case .object(var body) = try JSONValue(encoding: found.difference) else { return Answer(.null) }
        body["revision"] = .string(found.revision)
        body["base"] = .string(found.base)
        return Answer(.object(body))
    }

    /// The component of the description.
    static var schemas: [String: JSONValue] {
        let kind = JSONValue.words(SchemaObjectKind.allCases.map(\.rawValue))
        let value: JSONValue = ["type": ["string", "array", "boolean"]]
        let number: JSONValue = ["type": "integer"]
        let attribute: JSONValue = [
            "type": "object", "required": ["attribute"],
            "properties": [
                "attribute": .words(SchemaAttribute.allCases.map(\.rawValue)), "before": value, "after": value,
            ],
        ]
        let named: [String: JSONValue] = [
            "kind": kind, "schema": .text, "relation": .text, "name": .text, "parameters": .text,
        ]
        var change = named
        change["operation"] = .words(SchemaChange.Operation.allCases.map(\.rawValue))
        change["implied"] = ["type": "boolean"]
        change["attributes"] = ["type": "array", "items": attribute]
        let object: JSONValue = ["type": "object", "required": ["kind", "name"], "properties": .object(named)]
        return [
            "SchemaChanges": .record([
                "revision": .text, "base": .text, "equal": ["type": "boolean"], "summary": .text,
                "counts": [
                    "type": "array",
                    "items": .record(["kind": kind, "added": number, "changed": number, "removed": number]),
                ],
                "changes": [
                    "type": "array",
                    "items": [
                        "type": "object", "required": ["operation", "kind", "name", "attributes"],
                        "properties": .object(change),
                    ],
                ],
                "renameHints": ["type": "array", "items": .record(["before": object, "after": object])],
            ])
        ]
    }
}
