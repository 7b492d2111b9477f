public import DesiredState
import WorkContext

/// A wish to have a key looked at. It carries no content of the event that caused it: the worker reads the world.
public struct EnqueueRequest: Hashable, Sendable {
    /// What to look at.
    public var key: ResourceKey
    /// Which workers do it.
    public var lane: Lane
    /// On whose account: no tenant gets every worker of a lane. By default the first component of the key's name; upstreams have
    /// one account, for what is fetched from all over the world may hang, and something else is to go on meanwhile.
    public var tenant: String
    /// Why, for people: `webhook`, `timer`, `spec changed`. At most ``WorkQueue/maximumReasons`` different ones are kept.
    public var reason: String
    /// How long to wait first. Of several wishes the earliest counts.
    public var delay: Duration
    /// Higher goes first. Of several wishes the highest counts.
    public var priority: Int
    /// The revision of the input that the wish is about. Work under way for another revision is cancelled, and a key
    /// that failed or was quarantined with another revision gets a new chance.
    public var superseding: String?
    /// Whether a quarantined key gets a new chance although no new revision is known: a person asked, or the spec changed.
    public var liftsQuarantine: Bool
    /// The trace that the wish belongs to, as a `traceparent`: that of the task that made it. Of several wishes the last one's
    /// counts.
    public var trace: String?

    /// Makes a wish.
    public init(
        _ key: ResourceKey, lane: Lane, reason: String, tenant: String? = nil, delay: Duration = .zero,
        priority: Int = 0, superseding: String? = nil, liftsQuarantine: Bool = false
    ) {
        self.key = key
        self.lane = lane
        self.reason = reason
        let isUpstream = key.kind == ResourceKind.upstream.rawValue
        self.tenant = tenant ?? (isUpstream ? key.kind : key.components.first) ?? key.name
        self.delay = delay
        self.priority = priority
        self.superseding = superseding
        self.liftsQuarantine = liftsQuarantine
        trace = WorkContext.current.trace?.traceparent
    }
}

extension EnqueueRequest {
    /// The reason of wishes that nothing but the time makes.
    public static let timer = "timer"
}

extension Lease {
    /// Whether nothing but its time has asked for the key since it was last worked on.
    public var isRoutine: Bool { attempt == 1 && reasons.allSatisfy { $0 == EnqueueRequest.timer } }
}

/// Names the pass that will answer a wish, so that whoever wished can wait for it.
public struct WorkTicket: Hashable, Sendable {
    /// The key.
    public let key: ResourceKey
    /// The first pass that starts after the wish; ``Run/pass`` of the run it leads to, when there is something to do.
    public let pass: Int64

    /// Makes a ticket.
    public init(key: ResourceKey, pass: Int64) {
        self.key = key
        self.pass = pass
    }
}
