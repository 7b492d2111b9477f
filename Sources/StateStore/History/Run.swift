public import DesiredState
public import Foundation

/// One pass of a reconciler that had something to do.
public struct Run: Hashable, Sendable, Identifiable {
    /// Rises with every run of any object.
    public let id: Int64
    /// The object.
    public let key: ResourceKey
    /// The generation of the object's spec that was worked on, when the object has one.
    public let generation: Int64?
    /// The revision that was worked on, when there is one.
    public let revision: String?
    /// Which pass over the key it was; see ``WorkTicket``.
    public let pass: Int64
    /// Which attempt since the last success it was, from 1.
    public let attempt: Int
    /// The worker that carried it out.
    public let worker: String
    /// Why the object was looked at.
    public let reasons: [String]
    /// How it stands.
    public let status: RunStatus
    /// When it began.
    public let startedAt: Date
    /// When it came to an end.
    public let endedAt: Date?
    /// What came of it, as the reconciler words it.
    public let summary: JSONValue
    /// Why it did not succeed.
    public let error: RecordedError?
    /// The id of the trace that it belongs to; nil for one that was recorded before there were any.
    public internal(set) var trace: String?

    /// How long it took, in seconds; nil while it runs.
    public var seconds: Double? { endedAt.map { $0.timeIntervalSince(startedAt) } }
}

/// One effect inside a run.
public struct RunTask: Hashable, Sendable, Identifiable {
    /// Rises with every task of any run.
    public let id: Int64
    /// The run it belongs to.
    public let runID: Int64
    /// The object of the run.
    public let key: ResourceKey
    /// The revision of the run.
    public let revision: String?
    /// Its place in the plan, from 0.
    public let position: Int
    /// What was planned.
    public let planned: PlannedTask
    /// The attempt of its run.
    public let attempt: Int
    /// How it stands.
    public let status: TaskStatus
    /// When it was begun; nil when it never was.
    public let startedAt: Date?
    /// When it came to an end.
    public let endedAt: Date?
    /// What came of it.
    public let summary: JSONValue
    /// Why it did not succeed, or was skipped.
    public let error: RecordedError?

    /// How long it took, in seconds; nil when it has not both begun and ended.
    public var seconds: Double? {
        guard let startedAt, let endedAt else { return nil }
        return endedAt.timeIntervalSince(startedAt)
    }
}

/// A run that has been recorded with its plan and is about to be carried out.
public struct OpenRun: Hashable, Sendable {
    /// The run.
    public let id: Int64
    /// The lease under which it is carried out.
    public let lease: Lease
    /// The tasks in the order of the plan, with the ids under which they are recorded.
    public let tasks: [OpenTask]
}

/// A task of a run under way.
public struct OpenTask: Hashable, Sendable {
    /// The task.
    public let id: Int64
    /// What is to be done.
    public let planned: PlannedTask
}

/// How a task came to its end.
public enum TaskEnd: Hashable, Sendable {
    /// The effect is there.
    case succeeded(summary: JSONValue)
    /// The effect was found there already, or turned out not to be needed.
    case skipped(because: String)
    /// It failed.
    case failed(RecordedError)
    /// It was stopped on the way.
    case cancelled(RecordedError)

    /// The state it leads to.
    public var status: TaskStatus {
        switch self {
        case .succeeded: .succeeded
        case .skipped: .skipped
        case .failed: .failed
        case .cancelled: .cancelled
        }
    }
}

/// How a run came to its end.
public enum RunEnd: Hashable, Sendable {
    /// Every task is done.
    case succeeded(summary: JSONValue)
    /// A task failed.
    case failed(RecordedError)
    /// It was stopped.
    case cancelled(RecordedError)

    /// The state it leads to.
    public var status: RunStatus {
        switch self {
        case .succeeded: .succeeded
        case .failed: .failed
        case .cancelled: .cancelled
        }
    }
}
