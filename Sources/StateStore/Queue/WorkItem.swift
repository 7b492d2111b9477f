public import DesiredState
public import Foundation

/// A key of the work queue as it stands, for people who ask what it waits for.
public struct WorkItem: Hashable, Sendable {
    /// The key.
    public let key: ResourceKey
    /// Where it is in its life.
    public let state: WorkItemState
    /// Which workers do it.
    public let lane: Lane
    /// On whose account.
    public let tenant: String
    /// When it may run at the earliest; of no meaning while ``WorkItemState/idle``.
    public let notBefore: Date
    /// Why it is enqueued, or why it runs.
    public let reasons: [String]
    /// How many passes have started in its life.
    public let pass: Int64
    /// How many passes in a row failed.
    public let failures: Int
    /// How many starts in a row did not come to an orderly end, the one under way included.
    public let starts: Int
    /// The worker, while it runs.
    public let worker: String?
    /// When the latest pass started.
    public let startedAt: Date?
    /// When the latest pass came to an end.
    public let endedAt: Date?
}
