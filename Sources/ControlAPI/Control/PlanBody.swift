import DesiredState
import Reconciliation
import StateStore

/// A plan as it is answered: what would be done, in order, and how the object would stand then.
enum PlanBody {
    static func body(_ preview: PlanPreview) -> JSONValue {
        [
            "kind": .string(preview.key.kind), "name": .string(preview.key.name),
            "revision": .optional(preview.revision),
            "tasks": .array(
                preview.tasks.map {
                    ["action": .string($0.action), "target": .string($0.target), "details": $0.details]
                }),
            "result": result(preview.result),
        ]
    }

    private static func result(_ result: ReconcileResult) -> JSONValue {
        let (standing, waitingOn): (String, String?) =
            switch result.standing {
            case .ready: ("ready", nil)
            case .waiting(let what): ("waiting", what)
            case .stalled(let change): ("stalled", change)
            case .unfinished: ("unfinished", nil)
            case .removed: ("removed", nil)
            }
        return [
            "standing": .string(standing), "reason": .string(result.reason), "message": .string(result.message),
            "waitingOn": .optional(waitingOn),
        ]
    }

    static let schemas: [String: JSONValue] = [
        "Plan": .record([
            "kind": .text, "name": .text, "revision": .textOrNull, "tasks": .list("PlannedTask"),
            "result": .record([
                "standing": .words(["ready", "waiting", "stalled", "unfinished", "removed"]), "reason": .text,
                "message": .text, "waitingOn": .textOrNull,
            ]),
        ]),
        "PlannedTask": .record(["action": .text, "target": .text, "details": [:]]),
        "TicketState": .record(["kind": .text, "name": .text, "pass": .whole, "answered": ["type": "boolean"]]),
    ]
}
