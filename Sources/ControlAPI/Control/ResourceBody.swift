import DesiredState
import Foundation
import StateStore

/// An object as it is answered: in the shape of a manifest, with what the controller knows of it.
enum ResourceBody {
    static func body(_ resource: StoredResource) -> JSONValue {
        [
            "apiVersion": .string(ResourceKind.apiVersion), "kind": .string(resource.key.kind),
            "metadata": metadata(resource), "spec": resource.spec, "status": status(resource),
        ]
    }

    private static func metadata(_ resource: StoredResource) -> JSONValue {
        let own: [String: JSONValue] = [
            "name": .string(resource.key.name), "generation": .integer(Int(resource.generation)),
            "owner": .optional(resource.owner?.description),
            "managedBy": .optional(resource.owner.flatMap { $0.kind == "Configuration" ? $0.description : nil }),
            "suspended": .bool(resource.suspended || suspension(of: resource) != nil),
            "createdAt": .time(resource.createdAt), "updatedAt": .time(resource.updatedAt),
            "deletionRequestedAt": .time(resource.deletionRequestedAt),
        ]
        return .object((resource.metadata.object ?? [:]).merging(own) { _, own in own })
    }

    private static func status(_ resource: StoredResource) -> JSONValue {
        let own: [String: JSONValue] = [
            "observedGeneration": .integer(Int(resource.observedGeneration)),
            "conditions": .array(resource.conditions.map(condition)),
            "waitingOn": resource.waiting.map { ["what": .string($0.what), "since": .time($0.since)] } ?? .null,
            "nextLook": .time(resource.nextLook),
            "lastHandledReconcile": resource.lastHandled.map {
                ["pass": .integer(Int($0.pass)), "at": .time($0.at)]
            } ?? .null,
        ]
        return .object((resource.status.object ?? [:]).merging(own) { _, own in own })
    }

    private static func suspension(of resource: StoredResource) -> Suspension? {
        Suspension.of(spec: resource.spec).flatMap { $0.holds(at: Date()) ? $0 : nil }
    }

    private static func condition(_ condition: Condition) -> JSONValue {
        [
            "type": .string(condition.type.rawValue), "status": .string(condition.status.rawValue),
            "reason": .string(condition.reason), "message": .string(condition.message),
            "lastTransitionTime": .time(condition.lastTransitionTime),
        ]
    }

    static let schemas: [String: JSONValue] = [
        "Resource": .record([
            "apiVersion": .text, "kind": .text, "spec": [:],
            "metadata": open([
                "name": .text, "generation": .whole, "owner": .textOrNull, "managedBy": .textOrNull,
                "suspended": ["type": "boolean"],
                "createdAt": .time, "updatedAt": .time, "deletionRequestedAt": .timeOrNull,
            ]),
            "status": open([
                "observedGeneration": .whole, "conditions": .list("Condition"), "nextLook": .timeOrNull,
                "waitingOn": ["oneOf": [.record(["what": .text, "since": .time]), ["type": "null"]]],
                "lastHandledReconcile": ["oneOf": [.record(["pass": .whole, "at": .time]), ["type": "null"]]],
            ]),
        ]),
        "Condition": .record([
            "type": .text, "status": ["enum": ["True", "False", "Unknown"]], "reason": .text, "message": .text,
            "lastTransitionTime": .time,
        ]),
        "ReconcileTicket": .record(["kind": .text, "name": .text, "pass": .whole], optional: ["order": .whole]),
    ]

    /// An object with these keys and others beside them.
    private static func open(_ members: [String: JSONValue]) -> JSONValue {
        guard var schema = JSONValue.record(members).object else { return [:] }
        schema["additionalProperties"] = true
        return .object(schema)
    }
}
