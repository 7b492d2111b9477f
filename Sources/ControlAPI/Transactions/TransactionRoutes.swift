import DesiredState
import Foundation
import StateStore

/// The history of tasks under the paths, parameters and words of Fuel (`fuel2 task history show`), whose clients find here
/// what they know: a run is a transaction, an effect a task, what it was done to a node.
struct TransactionRoutes {
    private let runs: any RunDirectory

    init(_ runs: any RunDirectory) { self.runs = runs }

    var routes: [Route] {
        [
            route("/api/transactions/{id}/deployment_history", "getDeploymentHistory"),
            // As `fuel2` asks.
            route("/api/v1/transactions/{id}/deployment_history", "getDeploymentHistoryV1"),
            // As an earlier draft of that interface had it.
            route("/api/tasks/{id}/deployment_tasks", "getDeploymentTasks"),
        ]
    }

    private func route(_ pattern: RoutePattern, _ operation: String) -> Route {
        Route(
            method: .get, pattern: pattern, surface: .transactions, operation: operation,
            summary: "The tasks of a run, in the order of its plan, in Fuel's words.", access: .shows,
            query: [
                .init(name: "nodes", summary: "Only tasks on these targets, separated by commas."),
                .init(
                    name: "statuses", summary: "Only tasks of these statuses, separated by commas.",
                    schema: ["type": "array", "items": .words(TransactionStatus.allCases.map(\.rawValue))]),
                .init(name: "tasks_names", summary: "Only these actions, separated by commas."),
                .init(name: "include_summary", summary: "1 for what came of each task."),
            ],
            outcomes: [
                .init(
                    status: 200, summary: "All of them.", schema: .list("TransactionTask"), otherTypes: ["text/csv"])
            ], handle: history)
    }

    private func history(_ call: Call) async throws -> Answer {
        let statuses = try statuses(call)
        let form = try ListForm(call, orElse: Self.noForm)
        if case .lines = form { throw Self.noForm }
        guard let id = Int64(call.parameter("id")), let run = try await runs.run(id), call.caller.sees(run.key)
        else {
            throw CallFailure(.notFound, "run.unknown", "Transaction not found")
        }
        let (nodes, names) = (Set(call.values("nodes")), Set(call.values("tasks_names")))
        let tasks = try await runs.tasks(ofRun: run.id).filter { task in
            (nodes.isEmpty || nodes.contains(task.planned.target))
                && (names.isEmpty || names.contains(task.planned.action))
                && (statuses.isEmpty || statuses.contains(TransactionStatus(task.status)))
        }
        let summaries = ["1", "true"].contains(call.value("include_summary"))
        let records = tasks.map { Self.record($0, of: run, withSummary: summaries) }
        guard case .table = form else { return Answer(.array(records)) }
        let columns = ["task_name", "node_id", "status", "type", "time_start", "time_end"]
        var answer = Answer()
        answer.text = (
            "text/csv; charset=utf-8", CommaSeparated.text(columns, records.map { one in columns.map { one[$0] } })
        )
        return answer
    }

    private func statuses(_ call: Call) throws(CallFailure) -> Set<TransactionStatus> {
        var statuses: Set<TransactionStatus> = []
        for text in call.values("statuses") {
            guard let status = TransactionStatus(rawValue: text) else {
                let known = TransactionStatus.allCases.map(\.rawValue).joined(separator: ", ")
                throw CallFailure(
                    .badRequest, "api.invalid-parameter", "Statuses parameter could be only: \(known)")
            }
            statuses.insert(status)
        }
        return statuses
    }

    private static func record(_ task: RunTask, of run: Run, withSummary: Bool) -> JSONValue {
        var record: [String: JSONValue] = [
            "task_name": .string(task.planned.action), "node_id": .string(task.planned.target),
            "status": .string(TransactionStatus(task.status).rawValue), "type": .string(run.key.kind.lowercased()),
            "time_start": time(task.startedAt), "time_end": time(task.endedAt), "custom": task.planned.details,
        ]
        if withSummary {
            var summary = task.summary.object ?? [:]
            if let error = task.error { summary["error"] = .string(error.message) }
            record["summary"] = .object(summary)
        }
        return .object(record)
    }

    /// UTC with microseconds and no zone.
    private static func time(_ date: Date?) -> JSONValue {
        guard let date else { return .null }
        let whole = date.timeIntervalSince1970.rounded(.down)
        let micros = min(999_999, max(0, Int(((date.timeIntervalSince1970 - whole) * 1_000_000).rounded())))
        let seconds = Date(timeIntervalSince1970: whole).formatted(Date.ISO8601FormatStyle()).dropLast()
        return .string("\(seconds).\(String(1_000_000 + micros).dropFirst())")
    }

    private static let noForm = CallFailure(
        .unsupportedMediaType, "api.unsupported-type", "Unsupported Media Type: accept application/json or text/csv")

    static let schemas: [String: JSONValue] = [
        "TransactionTask": .record(
            [
                "task_name": .text, "node_id": .text, "type": .text, "custom": [:],
                "status": .words(TransactionStatus.allCases.map(\.rawValue)), "time_start": .textOrNull,
                "time_end": .textOrNull,
            ], optional: ["summary": ["type": "object"]])
    ]
}

/// The words of Fuel for where a task is in its life.
enum TransactionStatus: String, CaseIterable, Sendable {
    case pending, ready, running, error, skipped

    init(_ status: TaskStatus) {
        switch status {
        case .pending: self = .pending
        case .running: self = .running
        case .succeeded: self = .ready
        case .skipped: self = .skipped
        case .failed, .cancelled, .lost: self = .error
        }
    }
}
