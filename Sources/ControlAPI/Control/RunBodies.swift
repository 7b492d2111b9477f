import DesiredState
import StateStore

/// Runs and tasks as they are answered.
enum RunBodies {
    static func run(_ run: Run) -> JSONValue {
        [
            "id": .integer(Int(run.id)), "kind": .string(run.key.kind), "name": .string(run.key.name),
            "generation": number(run.generation), "revision": .optional(run.revision),
            "pass": .integer(Int(run.pass)), "attempt": .integer(run.attempt), "worker": .string(run.worker),
            "reasons": .array(run.reasons.map { .string($0) }), "status": .string(run.status.rawValue),
            "startedAt": .time(run.startedAt), "endedAt": .time(run.endedAt),
            "seconds": run.seconds.map { .number($0) } ?? .null, "summary": run.summary, "error": error(run.error),
            "trace": .optional(run.trace),
        ]
    }

    static func task(_ task: RunTask) -> JSONValue {
        [
            "id": .integer(Int(task.id)), "run": .integer(Int(task.runID)), "kind": .string(task.key.kind),
            "name": .string(task.key.name), "revision": .optional(task.revision), "position": .integer(task.position),
            "action": .string(task.planned.action), "target": .string(task.planned.target),
            "details": task.planned.details, "attempt": .integer(task.attempt),
            "status": .string(task.status.rawValue), "startedAt": .time(task.startedAt),
            "endedAt": .time(task.endedAt), "seconds": task.seconds.map { .number($0) } ?? .null,
            "summary": task.summary, "error": error(task.error),
        ]
    }

    /// A lane for each target, in the order in which the targets' turns come; a bar for each task that was begun.
    static func timeline(_ run: Run, _ tasks: [RunTask]) -> JSONValue {
        var seen: Set<String> = []
        let targets = tasks.map(\.planned.target).filter { seen.insert($0).inserted }
        let begun = Dictionary(grouping: tasks.filter { $0.startedAt != nil }, by: \.planned.target)
        let lanes = targets.map { target -> JSONValue in
            ["target": .string(target), "bars": .array(begun[target, default: []].map(bar))]
        }
        return [
            "run": .integer(Int(run.id)), "status": .string(run.status.rawValue), "attempt": .integer(run.attempt),
            "start": .time(run.startedAt), "end": .time(run.endedAt), "lanes": .array(lanes),
        ]
    }

    private static func bar(_ task: RunTask) -> JSONValue {
        [
            "task": .integer(Int(task.id)), "action": .string(task.planned.action),
            "status": .string(task.status.rawValue), "attempt": .integer(task.attempt), "start": .time(task.startedAt),
            "end": .time(task.endedAt),
        ]
    }

    /// What the rows of a table of runs have.
    static let runColumns = [
        "id", "kind", "name", "revision", "generation", "attempt", "status", "startedAt", "endedAt", "seconds",
        "worker", "reasons", "error",
    ]
    /// What the rows of a table of tasks have.
    static let taskColumns = [
        "id", "run", "kind", "name", "revision", "position", "action", "target", "attempt", "status", "startedAt",
        "endedAt", "seconds", "error",
    ]

    /// The detail of an error is for operators: it is in the log and in the store, and never answered.
    private static func error(_ error: RecordedError?) -> JSONValue {
        error.map { ["code": .string($0.code), "message": .string($0.message)] } ?? .null
    }

    private static func number(_ number: Int64?) -> JSONValue { number.map { .integer(Int($0)) } ?? .null }

    static let schemas: [String: JSONValue] = [
        "Run": .record([
            "id": .whole, "kind": .text, "name": .text, "generation": .wholeOrNull, "revision": .textOrNull,
            "pass": .whole, "attempt": .whole, "worker": .text, "reasons": ["type": "array", "items": .text],
            "status": .words(RunStatus.allCases.map(\.rawValue)), "startedAt": .time, "endedAt": .timeOrNull,
            "seconds": ["type": ["number", "null"]], "summary": [:], "error": errorSchema,
            "trace": .textOrNull,
        ]),
        "Task": .record([
            "id": .whole, "run": .whole, "kind": .text, "name": .text, "revision": .textOrNull, "position": .whole,
            "action": .text, "target": .text, "details": [:],
            "attempt": .whole, "status": .words(TaskStatus.allCases.map(\.rawValue)), "startedAt": .timeOrNull,
            "endedAt": .timeOrNull, "seconds": ["type": ["number", "null"]], "summary": [:], "error": errorSchema,
        ]),
        "Timeline": .record([
            "run": .whole, "status": .words(RunStatus.allCases.map(\.rawValue)), "attempt": .whole, "start": .time,
            "end": .timeOrNull, "lanes": .list("TimelineLane"),
        ]),
        "TimelineLane": .record(["target": .text, "bars": .list("TimelineBar")]),
        "TimelineBar": .record([
            "task": .whole, "action": .text, "status": .words(TaskStatus.allCases.map(\.rawValue)), "attempt": .whole,
            "start": .time, "end": .timeOrNull,
        ]),
        "RecordedError": .record(["code": .text, "message": .text]),
    ]

    private static let errorSchema: JSONValue = ["oneOf": [.reference("RecordedError"), ["type": "null"]]]
}
