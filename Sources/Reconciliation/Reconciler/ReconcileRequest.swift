public import DesiredState
public import StateStore

/// What a reconciler is to look at, and what is known at the start.
public struct ReconcileRequest: Sendable {
    /// The key.
    public let key: ResourceKey
    /// The object as it is stored; nil when none of the key is.
    public let resource: StoredResource?
    /// The lane it runs in; nil when it is only planned.
    public let lane: Lane?
    /// Why it was enqueued, for people.
    public let reasons: [String]
    /// Which attempt since the last success this is, from 1.
    public let attempt: Int
    /// For how long nothing but its time has asked for it; zero when somebody or something else has. What was read in that time is
    /// as good as what would be read now.
    public let waited: Duration

    /// Makes a request.
    public init(
        key: ResourceKey, resource: StoredResource? = nil, lane: Lane? = nil, reasons: [String] = [],
        attempt: Int = 1, waited: Duration = .zero
    ) {
        self.key = key
        self.resource = resource
        self.lane = lane
        self.reasons = reasons
        self.attempt = attempt
        self.waited = waited
    }
}
