extension Metric {
    /// Passes of reconcilers: from a hundredth of a second to ten minutes.
    private static let passes: Kind = .histogram([0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600])
    /// Requests over HTTP.
    private static let requests: Kind = .histogram([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30])

    /// Which build runs.
    public static let build = Metric("sluice_build_info", .gauge, "Always 1; which version runs.", by: ["version"])

    // MARK: The engine

    /// Passes.
    public static let passDuration = Metric(
        "sluice_reconcile_duration_seconds", passes, "How long passes took, by how they ended.",
        by: ["kind", "outcome"])
    /// Effects.
    public static let effects = Metric(
        "sluice_tasks_total", .counter, "Effects that were carried out, by how they came out.",
        by: ["action", "outcome"])
    /// Leases lost.
    public static let leasesLost = Metric(
        "sluice_leases_lost_total", .counter, "Passes that came to nothing because another worker took the key over.")
    /// Keys taken over.
    public static let takenOver = Metric(
        "sluice_keys_recovered_total", .counter, "Keys that were taken over from workers that did not come to an end.")
    /// Trouble with the store.
    public static let troubles = Metric(
        "sluice_state_store_troubles_total", .counter, "Times at which the state store was out of reach of the engine.")
    /// The queue.
    public static let workItems = Metric(
        "sluice_work_items", .gauge, "Keys of the work queue, over all replicas.", by: ["lane", "state"])
    /// The oldest that waits.
    public static let oldestDue = Metric(
        "sluice_work_oldest_due_seconds", .gauge, "For how long the oldest key that is due has waited for a worker.",
        by: ["lane"])
    /// Objects by how they stand.
    public static let objects = Metric(
        "sluice_objects", .gauge, "Objects by how they stand: ready, reconciling, stalled, suspended or unknown.",
        by: ["kind", "standing"])

    // MARK: The flows

    /// From a revision to its verdict.
    public static let timeToVerdict = Metric(
        "sluice_time_to_verdict_seconds", passes,
        "From the first run for a candidate's revision to its verdict on the forge.", by: ["registry"])
    /// Candidates.
    public static let candidates = Metric(
        "sluice_candidates", .gauge, "Candidates by the state of their database.", by: ["registry", "state"])
    /// Drift.
    public static let drift = Metric(
        "sluice_drifted_branches", .gauge, "Branches of a control repository that have drifted.", by: ["repository"])

    // MARK: Webhooks

    /// Those that wait.
    public static let deliveriesWaiting = Metric(
        "sluice_webhook_deliveries_waiting", .gauge, "Webhooks that are kept and not handled yet.")
    /// The oldest of them.
    public static let oldestDelivery = Metric(
        "sluice_webhook_oldest_waiting_seconds", .gauge, "For how long the oldest webhook has waited to be handled.")

    // MARK: Notices

    /// Those that wait.
    public static let noticesWaiting = Metric(
        "sluice_notices_waiting", .gauge, "Notices in the outbox that wait to be sent.", by: ["channel"])
    /// The oldest of them.
    public static let oldestNotice = Metric(
        "sluice_notices_oldest_waiting_seconds", .gauge, "For how long the oldest notice in the outbox has waited.",
        by: ["channel"])
    /// Messages.
    public static let noticeMessages = Metric(
        "sluice_notice_messages_total", .counter,
        "Messages to channels, by the type of the channel and what came of them.", by: ["type", "outcome"])

    // MARK: The network

    /// What was asked of others.
    public static let outbound = Metric(
        "sluice_outbound_requests_total", .counter, "Requests to hosts outside, by status or the code of the error.",
        by: ["host", "status"])
    /// How long they took.
    public static let outboundDuration = Metric(
        "sluice_outbound_request_duration_seconds", requests, "How long hosts outside took to answer.", by: ["host"])
    /// Hosts that are left alone.
    public static let hostsWaiting = Metric(
        "sluice_outbound_host_waiting_seconds", .gauge,
        "For how long no requests go out to a host: it asked us to wait, or fails.", by: ["host"])
    /// What hosts still allow.
    public static let rateLimit = Metric(
        "sluice_outbound_rate_limit_remaining", .gauge, "Requests that a host still allows in this period.",
        by: ["host"])
    /// What was asked of us.
    public static let inbound = Metric(
        "sluice_http_requests_total", .counter, "Requests to the interface.", by: ["route", "method", "status"])
    /// How long the answers took.
    public static let inboundDuration = Metric(
        "sluice_http_request_duration_seconds", requests, "How long answers of the interface took.", by: ["route"])

    // MARK: The process

    /// The store.
    public static let storeUp = Metric("sluice_state_store_up", .gauge, "Whether the state store answers: 1 or 0.")
    /// Its connections.
    public static let connections = Metric(
        "sluice_state_store_connections", .gauge,
        "Connections of the pool to the state store: open, and idle of these.",
        by: ["state"])
    /// Who waits for one.
    public static let connectionWaiters = Metric(
        "sluice_state_store_connection_waiters", .gauge, "Who waits for a connection to the state store.")
    /// Processor time.
    public static let processorTime = Metric(
        "process_cpu_seconds_total", .counter, "Processor time of the process, in user and system mode.")
    /// Memory.
    public static let residentMemory = Metric(
        "process_resident_memory_bytes", .gauge, "Memory of the process that is in RAM.")
    /// Files.
    public static let openFiles = Metric("process_open_fds", .gauge, "Files and sockets that the process has open.")
    /// The most of them.
    public static let mostFiles = Metric("process_max_fds", .gauge, "The most that it may have open.")
    /// The beginning.
    public static let started = Metric(
        "process_start_time_seconds", .gauge, "When the process began, in seconds since 1970.")

    /// Everything there is, in the order of the reference.
    public static let catalogue: [Metric] = [
        build, passDuration, effects, leasesLost, takenOver, troubles, workItems, oldestDue, objects, timeToVerdict,
        candidates, drift, deliveriesWaiting, oldestDelivery, noticesWaiting, oldestNotice, noticeMessages, outbound,
        outboundDuration, hostsWaiting, rateLimit,
        inbound,
        inboundDuration, storeUp, connections, connectionWaiters, processorTime, residentMemory, openFiles, mostFiles,
        started,
    ]
}
