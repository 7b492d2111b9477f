public import DesiredState
public import Diagnostics
import NIOConcurrencyHelpers

/// What an action is given while it is carried out.
public struct TaskContext: Sendable {
    /// The run it belongs to.
    public let runID: Int64
    /// The pass it belongs to.
    public let context: ReconcileContext
    /// What the history is to keep of it besides its outcome.
    public let notes = TaskNotes()

    /// Gets to a failpoint of the action's own, between two effects inside it.
    public func reach(_ point: String) async throws { try await context.reach(point) }
}

/// What the history keeps of an action however it comes out, also when it throws.
public struct TaskNotes: Sendable {
    private let members = NIOLockedValueBox<[String: JSONValue]>([:])

    /// Puts a note in the place of an earlier one of that name. No secrets.
    public func set(_ name: String, _ note: JSONValue) { members.withLockedValue { $0[name] = note } }

    /// All notes.
    var all: [String: JSONValue] { members.withLockedValue(\.self) }
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
