import DesiredState
import StateStore

/// `/api/v1/runs`: what was done, with every effect.
struct RunRoutes {
    private let runs: any RunDirectory

    init(_ runs: any RunDirectory) { self.runs = runs }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/api/v1/runs", surface: .control, operation: "listRuns",
                summary: "Runs, newest first.",
                query: [
                    .init(name: "kind", summary: "Only runs of objects of this kind."),
                    .init(name: "name", summary: "Only runs of the object of this name."),
                    .init(name: "revision", summary: "Only runs for this revision."),
                    .init(
                        name: "status", summary: "Only runs of these statuses, separated by commas.",
                        schema: Self.listOf(RunStatus.self)),
                    .init(name: "target", summary: "Only runs with a task on this target."),
                    .init(name: "action", summary: "Only runs with a task of this action."),
                    .init(name: "since", summary: "Only runs that began at this time or later.", schema: .time),
                    .init(name: "until", summary: "Only runs that began before this time.", schema: .time),
                ] + Paging.parameters,
                outcomes: [.init(status: 200, summary: "A page of runs.", schema: .page("Run"))], handle: list),
            Route(
                method: .get, pattern: "/api/v1/runs/{id}", surface: .control, operation: "getRun", summary: "One run.",
                outcomes: [.init(status: 200, summary: "The run.", schema: .reference("Run"))], handle: get),
            Route(
                method: .get, pattern: "/api/v1/runs/{id}/tasks", surface: .control, operation: "listRunTasks",
                summary: "The tasks of a run, newest first.",
                query: [
                    .init(
                        name: "status", summary: "Only tasks of these statuses, separated by commas.",
                        schema: Self.listOf(TaskStatus.self)),
                    .init(name: "target", summary: "Only tasks on this target."),
                    .init(name: "action", summary: "Only tasks of this action."),
                ] + Paging.parameters,
                outcomes: [.init(status: 200, summary: "A page of tasks.", schema: .page("Task"))], handle: tasks),
        ]
    }

    private func list(_ call: Call) async throws -> Answer {
        let filter = HistoryFilter(
            kind: call.value("kind"), name: call.value("name"), revision: call.value("revision"),
            target: call.value("target"), action: call.value("action"), since: try call.time("since"),
            until: try call.time("until"))
        let page = try await runs.runs(
            filter, statuses: try call.words("status", of: RunStatus.self), page: try Paging.page(call))
        return Answer(Paging.body(page, RunBodies.run))
    }

    private func get(_ call: Call) async throws -> Answer {
        guard let run = try await runs.run(try call.runID("id")) else { throw CallFailure.noRun }
        return Answer(RunBodies.run(run))
    }

    private func tasks(_ call: Call) async throws -> Answer {
        let id = try call.runID("id")
        let filter = HistoryFilter(target: call.value("target"), action: call.value("action"), run: id)
        let page = try await runs.tasks(
            filter, statuses: try call.words("status", of: TaskStatus.self), page: try Paging.page(call))
        // An empty page may mean that nothing matches, or that there is no such run.
        if page.elements.isEmpty, try await runs.run(id) == nil { throw CallFailure.noRun }
        return Answer(Paging.body(page, RunBodies.task))
    }

    private static func listOf<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> JSONValue {
        ["type": "array", "items": .words(Word.allCases.map(\.rawValue))]
    }
}
