public import Diagnostics
public import StateStore

/// How an engine works: how many at a time, how patiently, how often.
public struct EngineConfiguration: Sendable {
    /// The name under which this process holds leases. It must differ from that of every other process, the one that
    /// ran before this one included; see also `WorkQueue.expireLeases(heldBy:)`.
    public var worker: String
    /// How many keys are worked on at a time, by lane. A lane without a number has no workers here.
    public var workers: [Lane: Int]
    /// How many keys of one tenant are worked on at a time in a lane; nil for one less than the lane's workers, so that no
    /// tenant takes all of them. At least 1 in any case.
    public var tenantLimit: [Lane: Int]
    /// How long a lease lasts without a heartbeat: how long the keys of a dead process wait.
    public var leaseDuration: Duration
    /// How often a worker says that it is alive. A cancellation whose notification was lost is found as often.
    public var heartbeatInterval: Duration
    /// How often the queue is looked at although no notification came.
    public var pollInterval: Duration
    /// How long passes may go on after ``Engine/stop()`` before they are cancelled.
    public var drainTimeout: Duration
    /// What is done about failures.
    public var retry: RetryPolicy
    /// What is done about keys that kill their process.
    public var quarantine: QuarantinePolicy

    /// Makes a configuration.
    public init(
        worker: String, workers: [Lane: Int] = [.observe: 4, .deploy: 4], tenantLimit: [Lane: Int] = [:],
        leaseDuration: Duration = .seconds(15), heartbeatInterval: Duration = .seconds(1),
        pollInterval: Duration = .seconds(5), drainTimeout: Duration = .seconds(20),
        retry: RetryPolicy = RetryPolicy(), quarantine: QuarantinePolicy = QuarantinePolicy()
    ) {
        self.worker = worker
        self.workers = workers
        self.tenantLimit = tenantLimit
        self.leaseDuration = leaseDuration
        self.heartbeatInterval = heartbeatInterval
        self.pollInterval = pollInterval
        self.drainTimeout = drainTimeout
        self.retry = retry
        self.quarantine = quarantine
    }

    func tenantLimit(in lane: Lane) -> Int { max(1, tenantLimit[lane] ?? (workers[lane, default: 0] - 1)) }
}
