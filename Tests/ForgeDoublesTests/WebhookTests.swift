import Diagnostics
import ForgeDoubles
import Foundation
import GitClient
import Hummingbird
import Logging
import NIOConcurrencyHelpers
import ServiceLifecycle
import Testing
import Webhooks

@Suite("Webhooks of the stand-ins, as our own receiver takes them")
struct WebhookTests {
    /// A host, and one of its ways to prove itself.
    struct Sender: Sendable, CustomTestStringConvertible {
        let type: ForgeType
        let proof: WebhookTarget.Proof
        var testDescription: String { "\(type) \(proof)" }

        /// A signing token of GitLab names its kind.
        var secret: String {
            type == .gitlab && proof == .other
                ? "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" : "correct horse battery staple"
        }

        static let all = ForgeType.allCases.flatMap { type in
            (type == .gerrit || type == .github ? [.usual] : [WebhookTarget.Proof.usual, .other]).map {
                Sender(type: type, proof: $0)
            }
        }
    }

    @Test(
        "F-07: every event is genuine, hints at its project, and ten copies in any order are one delivery each",
        arguments: Sender.all)
    func genuine(_ sender: Sender) async throws {
        let inbox = NIOLockedValueBox<[WebhookDelivery]>([])
        try await Self.receiving(into: inbox) { url in
            let target = WebhookTarget(url: url, secret: sender.secret, proof: sender.proof, isHeld: true)
            try await DoubleWorld.with(sender.type, webhook: target) { world in
                let double = world.double
                let number = try await double.administer { host in
                    try await host.commit(
                        ["a.txt": Array("a".utf8)], on: "master", of: DoubleWorld.project, message: "A\n", by: "ada")
                    let change = try await host.propose(
                        ["b.txt": Array("b".utf8)], from: "topic", into: "master", of: DoubleWorld.project,
                        title: "Topic", by: "ada")
                    try await host.revise(change.number, in: DoubleWorld.project)
                    try await host.say("Hello", on: change.number, in: DoubleWorld.project, by: "sluice")
                    try await host.merge(change.number, in: DoubleWorld.project, by: "ada")
                    return change.number
                }
                #expect(number == 1)
                let events = double.webhooks.heldCount
                #expect(events >= 5)
                await double.webhooks.release(copies: 10, shuffledBy: 7)
                #expect(double.webhooks.deliveries.map(\.status).allSatisfy { $0 == 202 })
                let received = inbox.withLockedValue { $0 }
                #expect(received.count == events * 10)
                try Self.judge(received, from: sender, events: events)
            }
        }
    }

    private static func judge(_ received: [WebhookDelivery], from sender: Sender, events: Int) throws {
        let scheme = try #require(WebhookScheme(rawValue: sender.type.rawValue))
        let source = WebhookSource(name: "forge", scheme: scheme, secrets: [Secret(sender.secret)])
        let now = Date(timeIntervalSince1970: 1_772_444_411)
        var keys: Set<DeliveryKey> = []
        var merges = 0
        for delivery in received {
            // Gerrit proves nothing: the token in the address does.
            let taken =
                sender.type == .gerrit
                ? WebhookDelivery(
                    headers: delivery.headers.flatMap { name, values in values.map { (name, $0) } },
                    pathToken: sender.secret, body: delivery.body) : delivery
            guard case .genuine(let key) = source.proof(of: taken, now: now) else {
                Issue.record("\(sender.testDescription): \(source.proof(of: taken, now: now))")
                continue
            }
            keys.insert(key)
            if case .hint(let hint) = scheme.reading(of: delivery.body, event: scheme.event(of: delivery)) {
                #expect(hint.project == DoubleWorld.project)
                if hint.candidate == "1" { merges += 1 }
            }
        }
        #expect(keys.count == events, "copies share a key, and no two events do")
        #expect(merges > 0)
    }

    /// Takes deliveries at a free port while `body` runs.
    private static func receiving(
        into inbox: NIOLockedValueBox<[WebhookDelivery]>, _ body: @Sendable (String) async throws -> Void
    ) async throws {
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let router = Router()
        router.post("/hook") { request, _ in
            let bytes = try await request.body.collect(upTo: 1 << 20)
            let headers = request.headers.map { (name: $0.name.rawName, value: $0.value) }
            inbox.withLockedValue { $0.append(WebhookDelivery(headers: headers, body: Array(bytes.readableBytesView))) }
            return HTTPResponse.Status.accepted
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) }, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [.init(service: application)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var port = 0
            for await found in ports {
                port = found
                break
            }
            let result: Result<Void, any Error>
            do { result = .success(try await body("http://127.0.0.1:\(port)/hook")) } catch { result = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try result.get()
        }
    }
}
