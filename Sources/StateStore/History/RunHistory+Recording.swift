public import DesiredState
import PostgresClient
import WorkContext

extension RunHistory {
    /// Records a run with its whole plan, each task pending.
    ///
    /// Throws ``StateStoreError/superseded(_:by:)`` when a newer revision was announced since the lease began, and
    /// ``StateStoreError/leaseLost(_:)``.
    public func begin(_ run: NewRun, under lease: Lease) async throws -> OpenRun {
        do {
            return try await record(run, under: lease)
        } catch let error as PostgresError where error.hasState("23503") {
            // The definition was there and is forgotten by now, with the last run that had it.
            return try await record(run, under: lease)
        }
    }

    private func record(_ run: NewRun, under lease: Lease) async throws -> OpenRun {
        try await pool.transaction { connection in
            if let revision = run.revision {
                try await connection.declare(revision: revision, under: lease)
            } else {
                try await connection.hold(lease)
            }
            let id = try await connection.insert(run, under: lease)
            let ids = try await connection.insert(run.tasks, of: id, attempt: lease.attempt)
            return OpenRun(
                id: id, lease: lease, tasks: zip(ids, run.tasks).map { OpenTask(id: $0, planned: $1) })
        }
    }

    /// Records that a task is begun.
    public func start(_ task: OpenTask, of run: OpenRun) async throws {
        try await change(
            task, of: run, to: .running,
            set: "status = 'running', started_at = statement_timestamp()", [])
    }

    /// Records how a task ended, with what is worth knowing of it however it ended.
    public func finish(
        _ task: OpenTask, of run: OpenRun, _ end: TaskEnd, notes: [String: JSONValue] = [:]
    ) async throws {
        var summary = JSONValue.object(notes)
        var error: RecordedError?
        switch end {
        case .succeeded(.object(let members)): summary = .object(members.merging(notes) { member, _ in member })
        case .succeeded(let text): summary = text
        case .skipped(let reason): error = RecordedError(code: "task.not-needed", message: reason, detail: nil)
        case .failed(let cause), .cancelled(let cause): error = cause
        }
        try await change(
            task, of: run, to: end.status,
            set: """
                status = $6, ended_at = statement_timestamp(), summary = $7::jsonb,
                error_code = $8, error_message = $9, error_detail = $10
                """,
            [
                end.status.rawValue, Storable.json(summary), error?.code, error.map { Storable.text($0.message) },
                error?.detail.map { Storable.text($0, limit: Storable.detail) },
            ])
    }

    /// Records how a run ended. Tasks whose turn never came become skipped, one under way ends with its run.
    public func finish(_ run: OpenRun, _ end: RunEnd) async throws {
        var summary: JSONValue = [:]
        var error: RecordedError?
        switch end {
        case .succeeded(let text): summary = text
        case .failed(let cause), .cancelled(let cause): error = cause
        }
        try await pool.transaction { connection in
            try await connection.hold(run.lease)
            try await connection.closeTasks(of: [run.id], with: end.status)
            let rows = try await connection.query(
                """
                UPDATE sluice.runs SET status = $2, ended_at = statement_timestamp(), summary = $3::jsonb,
                    error_code = $4, error_message = $5, error_detail = $6
                WHERE id = $1::bigint AND status = 'running' RETURNING id
                """,
                [
                    run.id, end.status.rawValue, Storable.json(summary), error?.code,
                    error.map { Storable.text($0.message) },
                    error?.detail.map { Storable.text($0, limit: Storable.detail) },
                ])
            if rows.isEmpty { throw StateStoreError.illegalTransition("run \(run.id) has ended already") }
        }
    }

    /// One statement for "the lease stands, and the task is in a state that this may follow".
    private func change(
        _ task: OpenTask, of run: OpenRun, to status: TaskStatus, set assignments: String,
        _ parameters: [any PostgresParameter]
    ) async throws {
        let key = run.lease.key
        let before = TaskStatus.allCases.filter { $0.successors.contains(status) }.map(\.rawValue)
        let rows = try await pool.query(
            """
            WITH held AS (
                SELECT fence FROM sluice.work_items
                WHERE kind = $1 AND name = $2 AND fence = $3::bigint FOR SHARE
            ), changed AS (
                UPDATE sluice.tasks SET \(assignments)
                WHERE id = $4::bigint AND status = ANY ($5::text[]) AND EXISTS (SELECT FROM held) RETURNING id
            )
            SELECT EXISTS (SELECT FROM held) AS held, EXISTS (SELECT FROM changed) AS changed
            """, [key.kind, key.name, run.lease.fence, task.id, before] + parameters)
        let row = try rows.single()
        guard try row.bool("held") else { throw StateStoreError.leaseLost(key) }
        guard try row.bool("changed") else {
            throw StateStoreError.illegalTransition("task \(task.id) cannot become \(status.rawValue)")
        }
    }
}

extension PostgresConnection {
    fileprivate func insert(_ run: NewRun, under lease: Lease) async throws -> Int64 {
        try await query(
            """
            WITH object AS (
                SELECT jsonb_build_object('generation', own.generation, 'spec', own.spec)
                    || CASE WHEN owner.name IS NULL THEN '{}'::jsonb ELSE jsonb_build_object(
                        'owner', jsonb_build_object('kind', owner.kind, 'name', owner.name,
                            'generation', owner.generation, 'spec', owner.spec)) END AS body
                FROM sluice.resources AS own LEFT JOIN sluice.resources AS owner
                    ON owner.kind = own.owner_kind AND owner.name = own.owner_name
                WHERE own.kind = $1 AND own.name = $2
            ), definition AS (
                SELECT encode(sha256(convert_to(body::text, 'UTF8')), 'hex') AS digest, body FROM object
            ), kept AS (
                INSERT INTO sluice.definitions SELECT digest, body FROM definition ON CONFLICT DO NOTHING
            )
            INSERT INTO sluice.runs
                (kind, name, generation, revision, pass, attempt, fence, worker, reasons, status, definition,
                trace)
            VALUES ($1, $2, $3::bigint, $4, $5::bigint, $6::int, $7::bigint, $8, $9::text[], 'running',
                (SELECT digest FROM definition), $10)
            RETURNING id
            """,
            [
                lease.key.kind, lease.key.name, run.generation, run.revision, lease.pass, lease.attempt, lease.fence,
                lease.worker, lease.reasons, WorkContext.current.trace?.traceID,
            ]
        ).single().int64("id")
    }

    fileprivate func insert(_ tasks: [PlannedTask], of run: Int64, attempt: Int) async throws -> [Int64] {
        let records = JSONValue.array(
            tasks.map {
                ["action": .string($0.action), "target": .string($0.target), "details": $0.details]
            })
        let rows = try await query(
            """
            WITH recorded AS (
                INSERT INTO sluice.tasks (run_id, position, action, target, details, attempt)
                SELECT $1::bigint, place - 1, task ->> 'action', task ->> 'target', task -> 'details', $3::int
                FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS planned(task, place)
                ORDER BY place RETURNING id, position)
            SELECT id FROM recorded ORDER BY position
            """, [run, Storable.json(records), attempt])
        return try rows.map { try $0.int64("id") }
    }

    /// Ends what is still running of the runs under a fence. The caller has made sure that no one else can.
    func closeRuns(under fence: Int64, as status: RunStatus) async throws {
        let rows = try await query(
            """
            UPDATE sluice.runs SET status = $2, ended_at = statement_timestamp(), error_code = $3, error_message = $4
            WHERE fence = $1::bigint AND status = 'running' RETURNING id
            """, [fence, status.rawValue, "run.\(status.rawValue)", "the worker died before the run came to its end"])
        try await closeTasks(of: try rows.map { try $0.int64("id") }, with: status)
    }

    fileprivate func closeTasks(of runs: [Int64], with status: RunStatus) async throws {
        guard !runs.isEmpty else { return }
        for before in TaskStatus.allCases {
            guard let after = before.atEnd(of: status) else { continue }
            _ = try await query(
                """
                UPDATE sluice.tasks SET status = $3, ended_at = statement_timestamp(),
                    error_code = coalesce(error_code, $4), error_message = coalesce(error_message, $5)
                WHERE run_id = ANY ($1::bigint[]) AND status = $2
                """,
                [
                    runs, before.rawValue, after.rawValue, "task.\(after.rawValue)",
                    "the run ended as \(status.rawValue) \(before == .pending ? "before" : "during") this task",
                ])
        }
    }
}
