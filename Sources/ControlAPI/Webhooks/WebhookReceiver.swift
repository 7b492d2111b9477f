import Crypto
import Diagnostics
import Foundation
import Logging
import NIOConcurrencyHelpers
import StateStore
import Webhooks
import WorkContext

/// Takes webhooks: looks whether they are genuine, keeps them, and answers. What they say is read later.
///
/// Whoever is not believed hears the same answer whatever the reason, a source that does not exist included: names of
/// forges are nobody's business. The reason stands in the log.
final class WebhookReceiver: Sendable {
    /// How much may come.
    struct Limits: Sendable {
        /// How many genuine deliveries a second, and at once, are taken from one source.
        var rate = 1_000.0
        var burst = 5_000.0
    }

    private struct State {
        var buckets: [String: TokenBucket] = [:]
        /// Refusals are logged, but nobody may fill the log.
        var log = TokenBucket(rate: 5, burst: 50)
    }

    private let sources: any WebhookSources
    private let inbox: any WebhookInbox
    private let limits: Limits
    private let now: @Sendable () -> Date
    private let logger: Logger
    private let start: Date
    /// Stands in for sources that do not exist, so that they cost as much time as those that do.
    private let nobody = WebhookSource(
        name: "", scheme: .github, secrets: [Secret(SymmetricKey(size: .bits256).withUnsafeBytes { "\(Array($0))" })])
    private let state = NIOLockedValueBox(State())

    init(
        sources: any WebhookSources, inbox: any WebhookInbox, limits: Limits, now: @escaping @Sendable () -> Date,
        logger: Logger
    ) {
        self.sources = sources
        self.inbox = inbox
        self.limits = limits
        self.now = now
        self.logger = logger
        start = now()
    }

    /// What is answered to a genuine webhook.
    enum Reply: Sendable {
        /// It is kept, or was before.
        case kept(DeliveryReceipt)
        /// It asked whether somebody is there.
        case pong
    }

    /// Takes a webhook of a source.
    func receive(_ delivery: WebhookDelivery, from name: String) async throws -> Reply {
        let found = try await sources.source(named: name)
        let source = found ?? nobody
        let proof = source.proof(of: delivery, now: now())
        let key: DeliveryKey
        switch proof {
        case .genuine(let genuine) where found != nil: key = genuine
        case .genuine: throw refusal(.unknownSource, name)
        case .refused(let reason): throw refusal(found == nil ? .unknownSource : reason, name, source.unreadable)
        }
        if let wait = take(source.name) { throw CallFailure.tooManyWebhooks(wait: wait) }
        if source.scheme.isPing(delivery) { return .pong }
        return .kept(
            try await inbox.keep(
                NewDelivery(
                    source: source.name, key: key.description, scheme: source.scheme.rawValue,
                    event: source.scheme.event(of: delivery), headers: Self.remembered(delivery),
                    digest: WebhookDelivery.digest(of: delivery.body), size: delivery.body.count,
                    body: source.storable(delivery.body))))
    }

    /// Takes what a repository on this machine says of itself. Each time is new: the same words come with every push.
    func receive(local body: [UInt8]) async throws -> DeliveryReceipt {
        try await inbox.keep(
            NewDelivery(
                source: Self.local, key: UUID().uuidString, scheme: Self.local, event: "push",
                headers: WorkContext.current.trace.map { [TraceContext.header: $0.traceparent] } ?? [:],
                digest: WebhookDelivery.digest(of: body), size: body.count, body: body))
    }

    /// The name, and the way to read it, of what repositories on this machine say.
    static let local = "local"

    /// Headers that help to find a delivery on its sender's side. None of them proves anything.
    /// The trace is that of the request, so that what comes of it can be found in the log.
    private static func remembered(_ delivery: WebhookDelivery) -> [String: String] {
        let names = [
            "User-Agent", "X-GitHub-Delivery", "X-GitHub-Event", "X-Gitlab-Event", "X-Gitlab-Event-UUID",
            "X-Gitlab-Instance", "Idempotency-Key", "webhook-id", "webhook-timestamp", "X-Gitee-Event",
            "X-Gitee-Timestamp", "X-Origin-Url",
        ]
        let trace = WorkContext.current.trace.map { [TraceContext.header: $0.traceparent] } ?? [:]
        return names.reduce(into: trace) { kept, name in
            if let value = delivery.only(name), value.utf8.count <= 300, !value.hasControlCharacters {
                kept[name] = value
            }
        }
    }

    private func take(_ source: String) -> Duration? {
        let time = Duration.seconds(now().timeIntervalSince(start))
        return state.withLockedValue { state in
            state.buckets[source, default: TokenBucket(rate: limits.rate, burst: limits.burst)].take(now: time)
        }
    }

    private func refusal(
        _ reason: WebhookProof.Refusal, _ name: String, _ unreadable: [String] = []
    ) -> CallFailure {
        let time = Duration.seconds(now().timeIntervalSince(start))
        if state.withLockedValue({ $0.log.take(now: time) }) == nil {
            let trouble = unreadable.isEmpty ? "" : "; a secret cannot be read: \(unreadable.joined(separator: ", "))"
            logger.notice(
                "a webhook is not believed: \(reason.rawValue)\(trouble)",
                metadata: ["source": "\(name.prefix(64).debugDescription)"])
        }
        return .webhookRefused
    }
}

extension CallFailure {
    /// The one answer to whoever is not believed.
    static let webhookRefused = CallFailure(
        .unauthorized, "webhook.refused", "the webhook is not genuine, or nobody of that name may send one",
        hint: "the controller's log has the reason")

    static func tooManyWebhooks(wait: Duration) -> CallFailure {
        var failure = CallFailure(
            .tooManyRequests, "webhook.too-many", "more webhooks come from this source than are taken")
        failure.headers = [("Retry-After", String(max(1, wait.components.seconds + 1)))]
        return failure
    }

    static let webhookNotJSON = CallFailure(
        .unsupportedMediaType, "webhook.media-type", "webhooks are taken as application/json, not compressed",
        hint: "set the webhook's content type to application/json")
}
