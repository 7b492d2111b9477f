public import DesiredState
import Foundation
import PostgresClient

extension RunHistory {
    /// One run; nil when there is none of that id.
    public func run(_ id: Int64) async throws -> Run? {
        let rows = try await pool.query("SELECT * FROM sluice.runs WHERE id = $1::bigint", [id])
        return try rows.first.map(Self.run)
    }

    /// What a run carried out: the spec of its object and of the one that owns it, as they were when it began; nil for a run
    /// that there is not, or whose object had none.
    public func definition(ofRun id: Int64) async throws -> JSONValue? {
        let rows = try await pool.query(
            """
            SELECT definition.body FROM sluice.runs AS run JOIN sluice.definitions AS definition
                ON definition.digest = run.definition
            WHERE run.id = $1::bigint
            """, [id])
        return try rows.first.map { try $0.json("body") }
    }

    /// The tasks of a run in the order of its plan.
    public func tasks(ofRun id: Int64) async throws -> [RunTask] {
        let rows = try await pool.query(
            "SELECT \(Self.taskColumns) WHERE task.run_id = $1::bigint ORDER BY task.position", [id])
        return try rows.map(Self.task)
    }

    /// Runs, newest first. An empty `statuses` means any.
    public func runs(
        _ filter: HistoryFilter = HistoryFilter(), statuses: Set<RunStatus> = [], page: PageRequest = PageRequest()
    ) async throws -> Page<Run> {
        var query = Conditions()
        query.restrict(filter)
        query.add("run.status = ANY ($::text[])", statuses.isEmpty ? nil : statuses.map(\.rawValue))
        query.add("run.id = $::bigint", filter.run)
        query.restrictDuration(of: "run", filter)
        query.addTaskOfRun(target: filter.target, action: filter.action)
        query.add("run.id < $::bigint", page.cursor?.id)
        let rows = try await pool.query(
            "SELECT run.* FROM sluice.runs AS run \(query.clause) ORDER BY run.id DESC LIMIT \(page.limit + 1)",
            query.parameters)
        return Page(try rows.map(Self.run), limit: page.limit, id: \.id)
    }

    /// Tasks of any run, newest first. An empty `statuses` means any.
    public func tasks(
        _ filter: HistoryFilter = HistoryFilter(), statuses: Set<TaskStatus> = [], page: PageRequest = PageRequest()
    ) async throws -> Page<RunTask> {
        var query = Conditions()
        query.restrict(filter)
        query.add("task.status = ANY ($::text[])", statuses.isEmpty ? nil : statuses.map(\.rawValue))
        query.add("task.run_id = $::bigint", filter.run)
        query.add("task.target = $", filter.target)
        query.add("task.action = $", filter.action)
        query.restrictDuration(of: "task", filter)
        query.add("task.id < $::bigint", page.cursor?.id)
        let rows = try await pool.query(
            "SELECT \(Self.taskColumns) \(query.clause) ORDER BY task.id DESC LIMIT \(page.limit + 1)",
            query.parameters)
        return Page(try rows.map(Self.task), limit: page.limit, id: \.id)
    }

    /// What a worker carried out of an action with success, oldest first, each with the time since the first run for that
    /// revision of its object began.
    /// - Parameters:
    ///   - id: Only tasks after this one.
    ///   - limit: How many at most.
    public func completions(
        of action: String, by worker: String, after id: Int64, limit: Int = 1_000
    ) async throws -> [(task: Int64, key: ResourceKey, duration: Duration)] {
        let rows = try await pool.query(
            """
            SELECT task.id, run.kind, run.name, extract(epoch FROM task.ended_at - (
                SELECT min(first.started_at) FROM sluice.runs AS first
                WHERE first.revision = run.revision AND first.kind = run.kind AND first.name = run.name)) AS seconds
            FROM sluice.tasks AS task JOIN sluice.runs AS run ON run.id = task.run_id
            WHERE task.action = $1 AND task.status = 'succeeded' AND task.id > $2::bigint AND run.worker = $3
                AND run.revision IS NOT NULL
            ORDER BY task.id LIMIT \(max(0, limit))
            """, [action, id, worker])
        return try rows.map { (try $0.int64("id"), try $0.key(), .seconds(try $0.double("seconds"))) }
    }

    /// The oldest task of an action that a worker has planned after another task, and that has not ended; nil when there is none.
    public func oldestOpen(_ action: String, by worker: String, after id: Int64) async throws -> Int64? {
        try await pool.query(
            """
            SELECT min(task.id) AS id FROM sluice.tasks AS task JOIN sluice.runs AS run ON run.id = task.run_id
            WHERE task.action = $1 AND task.status IN ('pending', 'running') AND task.id > $2::bigint AND run.worker = $3
            """, [action, id, worker]
        ).first?.optionalInt64("id")
    }

    /// The newest task there is; 0 when there is none.
    public func newestTask() async throws -> Int64 {
        try await pool.query("SELECT coalesce(max(id), 0) AS id FROM sluice.tasks").first?.int64("id") ?? 0
    }

    private static let taskColumns = """
        task.*, run.kind, run.name, run.revision
        FROM sluice.tasks AS task JOIN sluice.runs AS run ON run.id = task.run_id
        """

    private static func run(_ row: PostgresRow) throws -> Run {
        Run(
            id: try row.int64("id"), key: try row.key(), generation: try row.optionalInt64("generation"),
            revision: try row.optionalString("revision"), pass: try row.int64("pass"),
            attempt: try row.int("attempt"), worker: try row.string("worker"), reasons: try row.strings("reasons"),
            status: try row.word("status"),
            startedAt: try row.date("started_at"), endedAt: try row.optionalDate("ended_at"),
            summary: try row.json("summary"), error: try row.recordedError(), trace: try row.optionalString("trace"))
    }

    private static func task(_ row: PostgresRow) throws -> RunTask {
        RunTask(
            id: try row.int64("id"), runID: try row.int64("run_id"), key: try row.key(),
            revision: try row.optionalString("revision"), position: try row.int("position"),
            planned: PlannedTask(
                try row.string("action"), target: try row.string("target"), details: try row.json("details")),
            attempt: try row.int("attempt"), status: try row.word("status"),
            startedAt: try row.optionalDate("started_at"), endedAt: try row.optionalDate("ended_at"),
            summary: try row.json("summary"), error: try row.recordedError())
    }
}
