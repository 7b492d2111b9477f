import DesiredState
public import Foundation
import StateStore

/// What a channel says of itself.
public struct ChannelStatus: Hashable, Sendable, Codable {
    /// How many notices wait.
    public var waiting: Int
    /// When one was delivered last.
    public var deliveredAt: Date?
    /// How many attempts failed since.
    public var failures: Int
    /// Since when.
    public var failingSince: Date?
    /// What came of the latest attempt that failed.
    public var failure: String?
    /// Why nothing is sent any more; nil when it is.
    public var stopped: String?

    init(_ standing: SubscriberStanding, failure: String?) {
        waiting = standing.waiting
        deliveredAt = standing.deliveredAt
        failures = standing.failures
        failingSince = standing.failingSince
        self.failure = standing.failures > 0 ? failure : nil
        stopped = standing.stop?.reason
    }
}
