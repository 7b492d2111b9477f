/// Where a run is in its life.
public enum RunStatus: String, Sendable, Codable, CaseIterable {
    /// Being carried out. Next: any of the others.
    case running
    /// Every task was done or found done. Final.
    case succeeded
    /// A task failed. Final; the next attempt is a run of its own.
    case failed
    /// Stopped because something newer came, or because the controller was stopping. Final.
    case cancelled
    /// Its worker died. Final.
    case lost

    /// The states that may follow this one.
    public var successors: Set<RunStatus> {
        self == .running ? [.succeeded, .failed, .cancelled, .lost] : []
    }
}

/// Where a task is in its life.
public enum TaskStatus: String, Sendable, Codable, CaseIterable {
    /// Planned, its effect not begun. Next: ``running``, ``skipped``.
    case pending
    /// Being carried out. Next: ``succeeded``, ``skipped``, ``failed``, ``cancelled``, ``lost``.
    case running
    /// Its effect is there. Final.
    case succeeded
    /// Its effect may or may not be there; the next pass looks. Final.
    case failed
    /// Not carried out: found done, or the run ended before its turn. Final.
    case skipped
    /// Stopped on the way. Final.
    case cancelled
    /// Its worker died on the way. Final.
    case lost

    /// The states that may follow this one.
    public var successors: Set<TaskStatus> {
        switch self {
        case .pending: [.running, .skipped]
        case .running: [.succeeded, .skipped, .failed, .cancelled, .lost]
        case .succeeded, .failed, .skipped, .cancelled, .lost: []
        }
    }

    /// What a task becomes when its run ends as `run` while the task is in this state; nil when it stays as it is.
    public func atEnd(of run: RunStatus) -> TaskStatus? {
        switch self {
        case .pending: run == .running ? nil : .skipped
        case .running:
            switch run {
            case .running: nil
            case .succeeded, .failed: .failed
            case .cancelled: .cancelled
            case .lost: .lost
            }
        case .succeeded, .failed, .skipped, .cancelled, .lost: nil
        }
    }
}
