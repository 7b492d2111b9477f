import PostgresClient

/// What is to be looked at: one row a key, never the content of an event.
///
/// - Enqueueing coalesces: of several wishes the earliest time and the highest priority count, and the reasons add up.
/// - A key runs on one worker at a time over all replicas. Enqueued while it runs, it runs once more afterwards.
/// - A worker holds a ``Lease``, extends it, and loses it to ``recoverExpired(policy:spread:)`` when it does not.
/// - Times are the database's own.
public struct WorkQueue: Sendable {
    /// How many different reasons a key keeps.
    public static let maximumReasons = 16
    /// Notified with the name of a lane when one of its keys may be ready to run.
    public static let wakeChannel = "sluice_work"
    /// Notified with a fence when the work under it is to stop.
    public static let cancelChannel = "sluice_cancel"
    /// Notified with `Kind/name` when a pass over a key has come to an end.
    public static let endChannel = "sluice_end"

    let pool: PostgresPool
}
