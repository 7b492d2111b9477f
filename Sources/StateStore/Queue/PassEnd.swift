/// How a worker leaves a key at the end of a pass: everything that is written then, in one transaction.
public struct PassEnd: Hashable, Sendable {
    /// When the key is looked at next.
    public enum Next: Hashable, Sendable {
        /// When somebody enqueues it.
        case whenAsked
        /// After a delay, or sooner when somebody enqueues it; in another lane when one is given.
        case after(Duration, lane: Lane? = nil)
    }

    /// When the key is looked at next. That it was enqueued while it ran counts beside this.
    public var next: Next
    /// How many passes in a row have failed, this one included; 0 after a success.
    public var failures: Int
    /// What there is to say of the object; of no effect when no object of the key is stored.
    public var report: StatusReport
    /// What happened, for people.
    public var events: [NewEvent]
    /// Whether the object is gone from the world and its row is to go, too.
    public var removesResource: Bool

    /// Makes the end of a pass.
    public init(
        next: Next = .whenAsked, failures: Int = 0, report: StatusReport = StatusReport(), events: [NewEvent] = [],
        removesResource: Bool = false
    ) {
        self.next = next
        self.failures = failures
        self.report = report
        self.events = events
        self.removesResource = removesResource
    }
}
