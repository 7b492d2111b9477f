import DesiredState
import Diagnostics
import Logging
import StateStore
import WorkContext

extension ReconcileContext {
    /// Carries out a plan as a run: records all of it, then has its effects one by one, each recorded.
    ///
    /// Nothing is recorded, and nothing done, for an empty plan. An error thrown by `perform` ends the run: the task and
    /// the run are recorded as failed, or as cancelled when the pass was told to stop, and the error goes on to the engine.
    ///
    /// - Parameter revision: The revision the plan is about. When a newer one was announced meanwhile, nothing is begun.
    public func carryOut<Action: PlannedAction>(
        _ actions: [Action], revision: String? = nil,
        _ perform: (Action, TaskContext) async throws -> TaskOutcome
    ) async throws -> RunReport {
        try await asRun(actions, revision: revision) { run in
            var outcomes: [TaskOutcome] = []
            for (action, task) in zip(actions, run.tasks) {
                outcomes.append(try await carryOut(action, task, of: run, perform))
            }
            return outcomes
        }
    }

    /// Carries out a plan of actions that do not depend on each other, several at a time, as a run.
    ///
    /// As ``carryOut(_:revision:_:)``. When an action throws, those under way are cancelled and no other is begun.
    public func carryOut<Action: PlannedAction>(
        _ actions: [Action], revision: String? = nil, atATime limit: Int,
        _ perform: @escaping @Sendable (Action, TaskContext) async throws -> TaskOutcome
    ) async throws -> RunReport {
        try await asRun(actions, revision: revision) { run in
            try await withThrowingTaskGroup(of: (Int, TaskOutcome).self) { group in
                var outcomes: [Int: TaskOutcome] = [:]
                for (index, (action, task)) in zip(actions, run.tasks).enumerated() {
                    if index >= max(limit, 1), let (done, outcome) = try await group.next() { outcomes[done] = outcome }
                    group.addTask { (index, try await carryOut(action, task, of: run, perform)) }
                }
                for try await (done, outcome) in group { outcomes[done] = outcome }
                return actions.indices.compactMap { outcomes[$0] }
            }
        }
    }

    /// Records a plan, has it carried out by `body`, and records how it ended.
    private func asRun<Action: PlannedAction>(
        _ actions: [Action], revision: String?, _ body: (OpenRun) async throws -> [TaskOutcome]
    ) async throws -> RunReport {
        guard !actions.isEmpty else { return RunReport(runID: nil, outcomes: []) }
        try life.check()
        let run = try await store.history.begin(
            NewRun(tasks: actions.map(\.task), revision: revision, generation: resource?.generation), under: lease)
        try await life.reach("recorded:plan")
        do {
            try await announce(run)
            let work = WorkContext.current.adding([.run: "\(run.id)"])
            let outcomes = try await WorkContext.$current.withValue(work) { try await body(run) }
            let report = RunReport(runID: run.id, outcomes: outcomes)
            let end = report.firstFailure.map { RunEnd.failed(RecordedError($0)) } ?? .succeeded(summary: [:])
            try await record { try await store.history.finish(run, end) }
            return report
        } catch {
            await close(run, after: error)
            throw error
        }
    }

    private func carryOut<Action: PlannedAction>(
        _ action: Action, _ task: OpenTask, of run: OpenRun,
        _ perform: (Action, TaskContext) async throws -> TaskOutcome
    ) async throws -> TaskOutcome {
        let name = task.planned.action
        let taskContext = TaskContext(runID: run.id, context: self)
        try Task.checkCancellation()
        try life.check()
        try await store.history.start(task, of: run)
        do {
            try await life.reach("before:\(name)")
            let outcome = try await perform(action, taskContext)
            try await life.reach("after:\(name)")
            try await record {
                try await store.history.finish(task, of: run, outcome.end, notes: taskContext.notes.all)
            }
            try await life.reach("recorded:\(name)")
            report(.carriedOut(lease, action: name, outcome))
            return outcome
        } catch {
            await recordFailure(of: "task \(name)") {
                try await store.history.finish(task, of: run, Self.taskEnd(after: error), notes: taskContext.notes.all)
            }
            if !Self.isStop(error) { report(.carriedOut(lease, action: name, .failed(SluiceError(wrapping: error)))) }
            throw error
        }
    }

    /// Says on the object that work is under way.
    private func announce(_ run: OpenRun) async throws {
        try life.check()
        let count = run.tasks.count
        let message = "run \(run.id) carries out \(count) task\(count == 1 ? "" : "s")"
        try await store.resources.write(
            StatusReport([.init(.reconciling, .true, reason: "RunInProgress", message: message)]), under: lease)
    }

    private func close(_ run: OpenRun, after error: any Error) async {
        await recordFailure(of: "run \(run.id)") {
            let cause = RecordedError(SluiceError(wrapping: error))
            try await store.history.finish(run, Self.isStop(error) ? .cancelled(cause) : .failed(cause))
        }
    }

    /// Records the end of something that failed. What cannot be recorded is closed at the end of the pass, or by
    /// whoever takes the key over; the error that brought us here is the one that matters.
    private func recordFailure(of what: String, _ write: @escaping @Sendable () async throws -> Void) async {
        do {
            try await record(write)
        } catch StateStoreError.illegalTransition {
            // Its own end was recorded already, and a later step failed.
        } catch  where !(error is SimulatedCrash) {
            logger.warning("the end of \(what) could not be recorded: \(SluiceError(wrapping: error))")
        } catch {}
    }

    /// Writes although the pass may have been told to stop: that it stopped is what there is to write.
    private func record(_ write: @escaping @Sendable () async throws -> Void) async throws {
        try life.check()
        try await Task { try await write() }.value
    }

    private static func taskEnd(after error: any Error) -> TaskEnd {
        let cause = RecordedError(SluiceError(wrapping: error))
        return isStop(error) ? .cancelled(cause) : .failed(cause)
    }

    private static func isStop(_ error: any Error) -> Bool { error is CancellationError || Task.isCancelled }
}

extension TaskOutcome {
    var end: TaskEnd {
        switch self {
        case .done(let summary): .succeeded(summary: summary)
        case .notNeeded(let reason): .skipped(because: reason)
        case .failed(let error): .failed(RecordedError(error))
        }
    }
}
