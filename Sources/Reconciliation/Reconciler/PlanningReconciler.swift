/// A reconciler in three steps: observe the world, plan what to do, apply it action by action.
///
/// Only ``plan(_:for:)`` decides, and it is pure: no `async`, no I/O, no clock. It is tested as a table, and
/// ``preview(_:)-(ReconcileRequest)`` shows exactly its list and stops.
public protocol PlanningReconciler: Reconciler {
    /// What is read of the world.
    associatedtype Observation: Sendable
    /// What can be done to it.
    associatedtype Action: PlannedAction

    /// Reads the world. Changes nothing in it.
    func observe(_ request: ReconcileRequest) async throws -> Observation

    /// Decides. Pure.
    func plan(_ observation: Observation, for request: ReconcileRequest) -> Plan<Action>

    /// Carries out one action. Idempotent: the process may have died after the effect and before its record.
    func apply(_ action: Action, _ observation: Observation, in task: TaskContext) async throws -> TaskOutcome

    /// How the object stands after the plan was carried out. By default as the plan says, unless a task failed: then as the
    /// first failure's error says.
    func conclude(_ plan: Plan<Action>, _ report: RunReport, _ observation: Observation) throws -> ReconcileResult
}

extension PlanningReconciler {
    /// As the plan says, unless a task failed: then throws its error.
    public func conclude(
        _ plan: Plan<Action>, _ report: RunReport, _ observation: Observation
    ) throws -> ReconcileResult {
        if let failure = report.firstFailure { throw failure }
        return plan.result
    }

    /// Observes, plans, and applies or hands over to the lane that is fit for it.
    public func reconcile(
        _ request: ReconcileRequest, in context: ReconcileContext
    ) async throws -> ReconcileResult {
        let observation = try await observe(request)
        let plan = plan(observation, for: request)
        if let lane = plan.lane, lane != request.lane, !plan.actions.isEmpty {
            return .unfinished(continueIn: lane)
        }
        let report = try await context.carryOut(plan.actions, revision: plan.revision) { action, task in
            try await apply(action, observation, in: task)
        }
        return try conclude(plan, report, observation)
    }

    /// Observes and plans.
    public func preview(_ request: ReconcileRequest) async throws -> PlanPreview {
        PlanPreview(plan(try await observe(request), for: request), for: request.key)
    }
}
