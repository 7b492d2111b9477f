public import DesiredState
public import Diagnostics

/// What an action is given while it is carried out.
public struct TaskContext: Sendable {
    /// The run it belongs to.
    public let runID: Int64
    /// The pass it belongs to.
    public let context: ReconcileContext

    /// Gets to a failpoint of the action's own, between two effects inside it.
    public func reach(_ point: String) async throws { try await context.reach(point) }
}

/// How an action came out.
public enum TaskOutcome: Sendable {
    /// The effect is there. The summary is kept in the history.
    case done(JSONValue = [:])
    /// The effect was there already, or is not needed any more: a sentence, safe to show anyone.
    case notNeeded(because: String)
    /// It failed, and the run goes on with the rest of the plan. To end the run instead, throw.
    case failed(SluiceError)
}

/// What came of a run.
public struct RunReport: Sendable {
    /// The run; nil when there was nothing to do.
    public let runID: Int64?
    /// How each action came out, in the order of the plan.
    public let outcomes: [TaskOutcome]

    /// The error of the first action that failed.
    public var firstFailure: SluiceError? {
        for case .failed(let error) in outcomes { return error }
        return nil
    }
}
