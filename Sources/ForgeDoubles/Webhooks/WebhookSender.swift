import AsyncHTTPClient
import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1

/// Posts events to whoever wants to know of them: each once when it happens, or, when they are held, as often and in
/// whatever order they are released.
package final class WebhookSender: Sendable {
    /// What became of a delivery.
    package struct Delivery: Hashable, Sendable, Codable {
        package let event: String
        /// The status that was answered; 0 when nothing was.
        package let status: Int
    }

    private struct State {
        var target: WebhookTarget?
        var baseURL = ""
        var count = 0
        var held: [SignedWebhook] = []
        var deliveries: [Delivery] = []
    }

    private let type: ForgeType
    private let wire: any ForgeWire
    private let now: @Sendable () -> Date
    private let state: NIOLockedValueBox<State>
    private let queue: AsyncStream<SignedWebhook>
    private let entrance: AsyncStream<SignedWebhook>.Continuation
    private let worker = NIOLockedValueBox<Task<Void, Never>?>(nil)

    init(type: ForgeType, wire: any ForgeWire, target: WebhookTarget?, now: @escaping @Sendable () -> Date) {
        self.type = type
        self.wire = wire
        self.now = now
        state = NIOLockedValueBox(State(target: target))
        (queue, entrance) = AsyncStream.makeStream()
    }

    /// What was delivered, in order.
    package var deliveries: [Delivery] { state.withLockedValue { $0.deliveries } }

    /// How many events wait to be released.
    package var heldCount: Int { state.withLockedValue { $0.held.count } }

    /// Tells somebody else from now on.
    package func set(_ target: WebhookTarget?) { state.withLockedValue { $0.target = target } }

    /// Words and signs an event, and sends or holds it.
    func tell(_ event: ForgeEvent) {
        let date = now()
        let ready = state.withLockedValue { state -> [SignedWebhook] in
            guard let target = state.target else { return [] }
            let signed = wire.messages(about: event, baseURL: state.baseURL).map { message in
                state.count += 1
                let digits = String(state.count, radix: 16)
                let id = "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.utf8.count) + digits
                return SignedWebhook(
                    message, by: type, for: target, id: id, at: date, baseURL: state.baseURL)
            }
            if target.isHeld {
                state.held += signed
                return []
            }
            return signed
        }
        for webhook in ready { entrance.yield(webhook) }
    }

    /// Delivers what is held, and returns when all of it has been answered.
    /// - Parameters:
    ///   - copies: How often each is delivered.
    ///   - seed: The same seed gives the same order; nil for the order in which it happened.
    package func release(copies: Int, shuffledBy seed: Int?) async {
        let (held, target) = state.withLockedValue { state in
            defer { state.held = [] }
            return (state.held, state.target)
        }
        guard let target else { return }
        var all = (0..<max(0, copies)).flatMap { _ in held }
        if let seed {
            var generator = SplitMix(state: UInt64(bitPattern: Int64(seed)))
            all.shuffle(using: &generator)
        }
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        for webhook in all { await deliver(webhook, to: target.url, with: client) }
        try? await client.shutdown()
    }

    func begin(baseURL: String) {
        state.withLockedValue { $0.baseURL = baseURL }
        let task = Task { [queue, self] in
            let client = HTTPClient(eventLoopGroupProvider: .singleton)
            for await webhook in queue {
                guard let url = state.withLockedValue({ $0.target?.url }) else { continue }
                await deliver(webhook, to: url, with: client)
            }
            try? await client.shutdown()
        }
        worker.withLockedValue { $0 = task }
    }

    /// Delivers what is under way and stops.
    func end() async {
        entrance.finish()
        await worker.withLockedValue { $0 }?.value
    }

    private func deliver(_ webhook: SignedWebhook, to url: String, with client: HTTPClient) async {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        for (name, value) in webhook.headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(bytes: webhook.body))
        // More than the ten seconds of GitLab and GitHub: a double may share its machine with a whole suite of tests.
        let status = (try? await client.execute(request, timeout: .seconds(120)))?.status.code ?? 0
        state.withLockedValue { $0.deliveries.append(Delivery(event: webhook.event, status: Int(status))) }
    }
}

/// SplitMix64: a small generator that gives the same numbers for the same seed everywhere.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
