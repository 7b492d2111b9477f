import DesiredState
import StateStore

/// `/api/v1/runs` and `/api/v1/tasks`: what was done, with every effect.
struct RunRoutes {
    private let runs: any RunDirectory

    init(_ runs: any RunDirectory) { self.runs = runs }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/api/v1/runs", surface: .control, operation: "listRuns",
                summary: "Runs, newest first.", access: .shows,
                query: Self.ofObject + [
                    .init(
                        name: "status", summary: "Only runs of these statuses, separated by commas.",
                        schema: Self.listOf(RunStatus.self)),
                    .init(name: "target", summary: "Only runs with a task on this target."),
                    .init(name: "action", summary: "Only runs with a task of this action."),
                ] + Self.ofTime + Paging.parameters,
                outcomes: [Self.page("A page of runs.", "Run")], handle: list),
            Route(
                method: .get, pattern: "/api/v1/tasks", surface: .control, operation: "listTasks",
                summary: "Tasks of all runs, newest first.", access: .shows,
                query: Self.ofObject + [.init(name: "run", summary: "Only tasks of this run.", schema: .whole)]
                    + Self.ofTask + Self.ofTime + Paging.parameters,
                outcomes: [Self.page("A page of tasks.", "Task")], handle: tasks),
            Route(
                method: .get, pattern: "/api/v1/runs/{id}", surface: .control, operation: "getRun", summary: "One run.",
                access: .shows,
                outcomes: [.init(status: 200, summary: "The run.", schema: .reference("Run"))], handle: get),
            Route(
                method: .get, pattern: "/api/v1/runs/{id}/tasks", surface: .control, operation: "listRunTasks",
                summary: "The tasks of a run, newest first.", access: .shows, query: Self.ofTask + Paging.parameters,
                outcomes: [Self.page("A page of tasks.", "Task")], handle: tasksOfRun),
            Route(
                method: .get, pattern: "/api/v1/runs/{id}/timeline", surface: .control, operation: "getRunTimeline",
                summary: "A run as a chart has it: a lane for each target, a bar for each task that was begun.",
                access: .shows,
                outcomes: [.init(status: 200, summary: "The chart.", schema: .reference("Timeline"))],
                handle: timeline),
            Route(
                method: .get, pattern: "/api/v1/runs/{id}/definition", surface: .control,
                operation: "getRunDefinition",
                summary: "What the run carried out: the desired state of its object, and of the one that owns it, "
                    + "as it was when the run began.", access: .shows,
                outcomes: [.init(status: 200, summary: "The definition.", schema: ["type": "object"])],
                handle: definition),
        ]
    }

    private static let ofObject: [Route.Parameter] = [
        .init(name: "kind", summary: "Only those of objects of this kind."),
        .init(name: "name", summary: "Only those of the object of this name."),
        .init(name: "revision", summary: "Only those for this revision."),
    ]

    private static let ofTask: [Route.Parameter] = [
        .init(
            name: "status", summary: "Only tasks of these statuses, separated by commas.",
            schema: listOf(TaskStatus.self)),
        .init(name: "target", summary: "Only tasks on this target."),
        .init(name: "action", summary: "Only tasks of this action."),
    ]

    private static let ofTime: [Route.Parameter] = [
        .init(name: "since", summary: "Only those of runs that began at this time or later.", schema: .time),
        .init(name: "until", summary: "Only those of runs that began before this time.", schema: .time),
        .init(name: "longerThan", summary: "Only those that took this long or longer, such as 90s."),
        .init(name: "shorterThan", summary: "Only those that took this long or less."),
    ]

    private static func page(_ summary: String, _ element: String) -> Route.Outcome {
        .init(status: 200, summary: summary, schema: .page(element), otherTypes: ListForm.otherTypes)
    }

    private static func listOf<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> JSONValue {
        ["type": "array", "items": .words(Word.allCases.map(\.rawValue))]
    }

    private func filter(_ call: Call, run: Int64? = nil) throws -> HistoryFilter {
        HistoryFilter(
            kind: call.value("kind"), name: call.value("name"), revision: call.value("revision"),
            target: call.value("target"), action: call.value("action"), run: run, since: try call.time("since"),
            until: try call.time("until"), longerThan: try call.duration("longerThan"),
            shorterThan: try call.duration("shorterThan"))
    }

    private func list(_ call: Call) async throws -> Answer {
        let form = try ListForm(call)
        let (filter, statuses) = (try filter(call), try call.words("status", of: RunStatus.self))
        let page =
            call.mayAsk(of: filter.object)
            ? try await runs.runs(filter, statuses: statuses, page: try Paging.page(call))
                .only { call.caller.sees($0.key) } : .empty
        return form.answer(page, columns: RunBodies.runColumns, RunBodies.run)
    }

    private func tasks(_ call: Call) async throws -> Answer {
        let run = try call.number("run", in: 1...Int.max).map(Int64.init)
        let form = try ListForm(call)
        let page = try await page(call, try filter(call, run: run))
        return form.answer(page, columns: RunBodies.taskColumns, RunBodies.task)
    }

    private func tasksOfRun(_ call: Call) async throws -> Answer {
        let id = try call.runID("id")
        let form = try ListForm(call)
        let page = try await page(call, try filter(call, run: id))
        // An empty page may mean that nothing matches, or that there is no such run.
        if page.elements.isEmpty { _ = try await run(call) }
        return form.answer(page, columns: RunBodies.taskColumns, RunBodies.task)
    }

    private func page(_ call: Call, _ filter: HistoryFilter) async throws -> Page<RunTask> {
        guard call.mayAsk(of: filter.object) else { return .empty }
        return try await runs.tasks(
            filter, statuses: try call.words("status", of: TaskStatus.self), page: try Paging.page(call)
        ).only { call.caller.sees($0.key) }
    }

    private func get(_ call: Call) async throws -> Answer { Answer(RunBodies.run(try await run(call))) }

    private func timeline(_ call: Call) async throws -> Answer {
        let run = try await run(call)
        return Answer(RunBodies.timeline(run, try await runs.tasks(ofRun: run.id)))
    }

    private func definition(_ call: Call) async throws -> Answer {
        let run = try await run(call)
        return Answer(try await runs.definition(ofRun: run.id) ?? [:])
    }

    private func run(_ call: Call) async throws -> Run {
        guard let run = try await runs.run(try call.runID("id")), call.caller.sees(run.key) else {
            throw CallFailure.noRun
        }
        return run
    }
}

extension HistoryFilter {
    /// The one object that is asked for; nil when there may be several.
    fileprivate var object: ResourceKey? {
        guard let kind, let name else { return nil }
        return ResourceKey(kind: kind, name: name)
    }
}
