public import StateStore

/// What happens in an engine, for metrics, and for tests that wait for it instead of sleeping.
public enum EngineEvent: Sendable {
    /// The engine hears notifications from now on.
    case listening
    /// A key was taken.
    case claimed(Lease)
    /// A pass came to its orderly end.
    case ended(Lease, PassEnd)
    /// An action of a pass came out.
    case carriedOut(Lease, action: String, TaskOutcome)
    /// A pass came to nothing because another worker has the key.
    case lost(Lease)
    /// A pass was told to stop.
    case stopping(Lease, reason: String)
    /// Keys were taken over from dead workers.
    case recovered([Recovery])
    /// A lane has nothing to do now.
    case idle(Lane)
    /// The store was out of reach for a moment.
    case troubled(String)
}
