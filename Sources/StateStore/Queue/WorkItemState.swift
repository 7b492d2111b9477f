/// Where a key of the work queue is in its life.
///
/// ```
///              enqueue                claim
///   ┌─ idle ───────────▶ waiting ───────────────▶ running
///   │   ▲                 ▲   ▲                    │ │ │
///   │   └─────────────────┼───┼── ended, done ─────┘ │ │
///   │                     │   └── ended, again ──────┘ │
///   │       input changed │      or process died       │
///   │                     │                            │
///   │               quarantined ◀── process died ──────┘
///   ▼                                 too often
/// (row removed with its object)
/// ```
public enum WorkItemState: String, Sendable, Codable, CaseIterable {
    /// Nothing is asked. Next: ``waiting``.
    case idle
    /// Is to be run, not before a given time. Next: ``running``.
    case waiting
    /// Has a worker with a lease. Next: ``idle``, ``waiting``, ``quarantined``.
    case running
    /// Killed its process too often to be tried again with the same input for a while. Next: ``waiting``.
    case quarantined

    /// The states that may follow this one.
    public var successors: Set<WorkItemState> {
        switch self {
        case .idle: [.waiting]
        case .waiting: [.running]
        case .running: [.idle, .waiting, .quarantined]
        case .quarantined: [.waiting]
        }
    }
}
