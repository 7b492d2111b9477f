public import DesiredState

/// The right to work on a key until somebody else takes it over, and what there is to know at the start.
///
/// The fence rises with every lease of any key. Every write under a lease names its fence and changes nothing when the
/// key has been taken over since: a worker that was paused for a minute finds that out at its first write, not after.
public struct Lease: Hashable, Sendable {
    /// The key.
    public let key: ResourceKey
    /// The fencing number, unique to this lease and higher than every earlier one.
    public let fence: Int64
    /// The lane it was claimed in.
    public let lane: Lane
    /// The tenant it counts for.
    public let tenant: String
    /// Which pass over the key this is, counted from 1 over its whole life.
    public let pass: Int64
    /// Which attempt since the last success this is, from 1: failures and deaths before it plus one.
    public let attempt: Int
    /// How many passes in a row failed before this one.
    public let failures: Int
    /// How long it had been due when it was claimed.
    public let waited: Duration
    /// Why the key was enqueued.
    public let reasons: [String]
    /// The latest revision that was announced or worked on, when one is known. A hint: what counts is what is observed.
    public let revision: String?
    /// The worker that holds it.
    public let worker: String
    /// The trace of whoever asked last, as a `traceparent`; nil when nobody did.
    public internal(set) var trace: String?
}

/// What a worker learns when it says that it is still alive.
public enum LeaseState: Hashable, Sendable {
    /// The lease is extended.
    case held
    /// The lease is extended, and whoever gave the reason wants the work stopped.
    case cancelRequested(reason: String)
    /// Somebody else has the key: stop, and write nothing.
    case lost
}
