public import DesiredState
public import Diagnostics
public import Reconciliation
public import StateStore

/// Tells people and programs what happens to objects.
///
/// Events get into the outbox of the state store together with what they tell of; here they are sent. There is one pass for a
/// channel at a time over all replicas, so that a channel's limits hold. What is decided is in ``ChannelPlan``, which is pure;
/// what goes over the wire is ``NoticeSender``'s. A message that was sent but not recorded is sent once more, under the same id.
///
/// This module must not know what happens to objects, nor HTTP, nor the command line.
public struct ChannelReconciler: PlanningReconciler {
    /// The kind of its keys.
    public let kind = ResourceKind.notificationChannel.rawValue
    let store: StateStore
    let sender: any NoticeSender
    let randomness: Randomness
    let links: NoticeLinks?

    /// Makes the reconciler.
    /// - Parameter links: Where people find what a notice is about; nil when messages are to have no links.
    public init(
        store: StateStore, sender: any NoticeSender, links: NoticeLinks? = nil, randomness: Randomness = .system
    ) {
        self.links = links
        self.store = store
        self.sender = sender
        self.randomness = randomness
    }

    /// Also a channel that nobody told anything is looked at now and then.
    public func resyncInterval(of key: ResourceKey) -> Duration? { .seconds(3600) }

    /// What is desired, and what waits.
    public func observe(_ request: ReconcileRequest) async throws -> ChannelSight {
        guard let resource = request.resource else { return .gone }
        guard resource.deletionRequestedAt == nil else { return .leaving }
        let spec = try ResourceSpec(kind: .notificationChannel, json: resource.spec).notificationChannel
        guard let spec else { return .gone }
        var seen = ChannelObservation(name: request.key.name, spec: spec, generation: resource.generation)
        seen.links = links
        try await look(&seen, request.key)
        return .seen(seen)
    }

    private func look(_ seen: inout ChannelObservation, _ key: ResourceKey) async throws {
        seen.standing = try await store.notices.standing(of: key)
        seen.due = try await store.notices.due(for: key)
        seen.recent = try await store.notices.recentMessages(to: key)
    }

    /// What is to be done about what was seen.
    public func plan(_ sight: ChannelSight, for request: ReconcileRequest) -> Plan<ChannelAction> {
        switch sight {
        case .gone: Plan([], then: .removed)
        case .leaving: Plan([.unsubscribe], then: .removed)
        case .seen(let seen): Plan(ChannelPlan.decide(seen), then: ChannelPlan.conclude(seen))
        }
    }

    /// Observes, sends until something is not taken, and says where things stand.
    public func reconcile(
        _ request: ReconcileRequest, in context: ReconcileContext
    ) async throws -> ReconcileResult {
        let sight = try await observe(request)
        let plan = plan(sight, for: request)
        let report = try await context.carryOut(plan.actions) { action, task in
            try await apply(action, sight, in: task)
        }
        guard case .seen(var seen) = sight else { return try conclude(plan, report, sight) }
        let before = seen.standing.failures
        try await look(&seen, request.key)
        let failure = report.firstFailure?.description ?? ChannelStatus.failure(in: request.resource?.status)
        context.setStatus(try JSONValue(encoding: ChannelStatus(seen.standing, failure: failure)))
        if before == 0, let error = report.firstFailure {
            context.note(.warning, reason: "DeliveryFailed", error.description)
        }
        return ChannelPlan.conclude(seen)
    }
}

extension ChannelStatus {
    fileprivate static func failure(in status: JSONValue?) -> String? { status?["failure"]?.string }
}
