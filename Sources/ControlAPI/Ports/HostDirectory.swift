public import Foundation

/// Answers for the hosts that the controller asks over HTTP.
public protocol HostDirectory: Sendable {
    /// All that were asked since the process began, ordered by origin.
    func hosts() async -> [HostStanding]
}

/// How a host stands with this process.
public struct HostStanding: Hashable, Sendable {
    /// Whether requests go out to it.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// They do.
        case open
        /// It asked us to wait.
        case limited
        /// It failed too often in a row: none go for a while, then one finds out.
        case failing
    }

    /// Scheme, host and port.
    public let origin: String
    /// Whether requests go out to it.
    public let state: State
    /// Until when none do; nil when they do, and while one finds out.
    public let until: Date?
    /// How many requests it allows in a period, and how many are left; nil for a host that does not say.
    public let limit: Int?
    /// How many requests are left in this period.
    public let remaining: Int?
    /// When the next period begins.
    public let resets: Date?
    /// How many requests have gone out to it.
    public let requests: Int

    /// Makes a standing.
    public init(
        origin: String, state: State, until: Date? = nil, limit: Int? = nil, remaining: Int? = nil,
        resets: Date? = nil, requests: Int
    ) {
        self.origin = origin
        self.state = state
        self.until = until
        self.limit = limit
        self.remaining = remaining
        self.resets = resets
        self.requests = requests
    }
}
