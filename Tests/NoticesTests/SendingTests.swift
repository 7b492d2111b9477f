import DesiredState
import Diagnostics
import Foundation
import Logging
import NIOConcurrencyHelpers
import OutboundHTTP
import PostgresClient
import Reconciliation
import StateStore
import Testing

@testable import Notices

@Suite("Notices are sent")
struct SendingTests {
    @Test("What happens to a release is told with its title and operator, and what came of it is kept")
    func told() async throws {
        try await NoticeWorld.with { world in
            try await world.want(NoticeWorld.wecom)
            try await world.store.resources.store([
                DesiredResource(
                    NoticeWorld.release, spec: ["title": "Certificates of the edge", "requestedBy": "ada"])
            ])
            try await world.happen()
            try await world.happen("MergeRefused", "conflict in Puppetfile", .warning)
            try await world.look()
            #expect(world.requests.count == 1)
            let request = try #require(world.requests.first)
            #expect(request.target == "/cgi-bin/webhook/send?key=\(NoticeWorld.canary)")
            #expect(
                request.json?["markdown"]?["content"]?.string == """
                    **Certificates of the edge**

                    Release/edge-42, asked for by ada

                    > Promoted: uat got 1234567

                    > Warning: MergeRefused: conflict in Puppetfile
                    """)
            let notices = try await world.notices()
            #expect(notices.map(\.state) == [.delivered, .delivered])
            #expect(notices.map(\.status) == [200, 200])
            #expect(notices.first?.answer?.contains("errmsg") == true)
            #expect(try await world.ready()?.status == .true)
        }
    }

    @Test("Only what a rule covers gets into the outbox, and nothing before there is a channel")
    func rules() async throws {
        try await NoticeWorld.with { world in
            try await world.happen("Before")
            try await world.want(
                NotificationChannelSpec(
                    NoticeWorld.wecom,
                    rules: [
                        NoticeRule(kinds: ["Release"], names: ["edge-*"], reasons: ["Merge*"]), .warnings,
                    ], gather: .zero))
            try await world.happen("Promoted")
            try await world.happen("MergeRefused")
            try await world.happen("Merged", to: ResourceKey(kind: "Release", name: "core-1"))
            try await world.happen("Drift", "x", .warning, to: ResourceKey(kind: "ControlRepository", name: "c"))
            #expect(try await world.notices().map(\.reason) == ["MergeRefused", "Drift"])
        }
    }

    @Test("The same again is not told again for a while, and counted")
    func quiet() async throws {
        try await NoticeWorld.with { world in
            try await world.want(NoticeWorld.wecom)
            for _ in 1...3 { try await world.happen("Failed", "no route", .warning) }
            try await world.look()
            try await world.happen("Failed", "no route", .warning)
            #expect(try await world.notices().map(\.repeats) == [3])
            try await world.elapse(.seconds(3700))
            try await world.happen("Failed", "no route", .warning)
            #expect(try await world.notices().count == 2)
        }
    }

    @Test("A process that dies after it sent and before it recorded sends again, under the same id")
    func crash() async throws {
        try await NoticeWorld.with { world in
            try await world.want(world.webhook)
            try await world.happen()
            await #expect(throws: (any Error).self) {
                try await world.look(failpoints: ScriptedFailpoints(crashAt: "sent:notices"))
            }
            #expect(world.requests.count == 1)
            #expect(try await world.notices().map(\.state) == [.waiting])
            try await world.store.queue.expireLeases(heldBy: "one")
            try await world.look(worker: "two")
            #expect(world.requests.count == 2)
            #expect(Set(world.requests.map { $0.headers["webhook-id"] }).count == 1)
            #expect(try await world.notices().map(\.state) == [.delivered])
        }
    }

    @Test("Two controllers send everything once")
    func replicas() async throws {
        try await NoticeWorld.with { world in
            try await world.want(world.webhook)
            for index in 1...40 { try await world.happen("Promoted", "step \(index)") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in ["one", "two"] {
                    let engine = world.engine(worker: worker)
                    group.addTask { try await engine.drain(limit: 50) }
                }
                try await group.waitForAll()
            }
            try await world.look()
            #expect(Set(world.requests.map { $0.headers["webhook-id"] }).count == 40)
            #expect(world.requests.count == 40)
        }
    }

    @Test("What is not taken is tried again after its delay, and nothing else is tried meanwhile")
    func retries() async throws {
        try await NoticeWorld.with([.status(400), .taken]) { world in
            try await world.want(world.webhook)
            try await world.happen("One", "one")
            try await world.look()
            // The delay is not over, however slow the machine is.
            try await world.elapse(.seconds(-3600))
            try await world.happen("Two", "two")
            try await world.look()
            #expect(world.requests.count == 1)
            #expect(try await world.ready()?.reason == "DeliveryFailed")
            try await world.elapse(.seconds(3606))
            try await world.look()
            #expect(world.requests.count == 3)
            #expect(try await world.notices().map(\.state) == [.delivered, .delivered])
            #expect(try await world.ready()?.status == .true)
        }
    }

    @Test("Retry-After is honoured", arguments: [429, 503])
    func retryAfter(_ status: Int) async throws {
        try await NoticeWorld.with([.status(status, ["Retry-After": "3000"]), .taken]) { world in
            try await world.want(world.webhook)
            try await world.happen()
            try await world.look()
            try await world.elapse(.seconds(1_500))
            try await world.look()
            #expect(world.requests.count == 1)
            try await world.elapse(.seconds(1_501))
            try await world.look()
            #expect(world.requests.count == 2)
            #expect(try await world.notices().map(\.state) == [.delivered])
        }
    }

    @Test("WeCom's 45009 is a limit, though its status is 200")
    func weComLimit() async throws {
        let limited = NoticeWorld.Answer(body: #"{"errcode":45009,"errmsg":"api freq out of limit"}"#)
        try await NoticeWorld.with([limited, .taken]) { world in
            try await world.want(NoticeWorld.wecom)
            try await world.happen()
            try await world.look()
            #expect(try await world.notices().map(\.state) == [.waiting])
            try await world.elapse(.seconds(1))
            try await world.look()
            #expect(world.requests.count == 1)
            try await world.elapse(.seconds(60))
            try await world.look()
            #expect(try await world.notices().map(\.state) == [.delivered])
        }
    }

    @Test("410 ends it until the spec changes or a test gets through")
    func gone() async throws {
        try await NoticeWorld.with([.status(410), .taken]) { world in
            try await world.want(world.webhook)
            try await world.happen("One", "one")
            try await world.look()
            try await world.happen("Two", "two")
            try await world.elapse(.seconds(100_000))
            try await world.look()
            #expect(world.requests.count == 1)
            #expect(try await world.ready()?.reason == "Stopped")
            _ = try await world.store.notices.test(NoticeWorld.key, by: "ada")
            try await world.look()
            try await world.look()
            #expect(world.requests.count == 4)
            #expect(try await world.notices().map(\.state) == [.delivered, .delivered, .delivered])
        }
    }

    @Test("After the last attempt a notice is given up, and a channel that took nothing for days is stopped")
    func stopped() async throws {
        try await NoticeWorld.with([.status(500)]) { world in
            try await world.want(world.webhook)
            try await world.happen()
            for _ in 1...10 {
                try await world.look()
                try await world.elapse(.seconds(90_000))
            }
            #expect(world.requests.count == 10)
            #expect(try await world.ready()?.reason == "Stopped")
            try await world.look()
            #expect(world.requests.count == 10)
        }
    }

    @Test("A redirect is not followed")
    func redirect() async throws {
        try await NoticeWorld.with([.status(307, ["Location": "/elsewhere"])]) { world in
            try await world.want(world.webhook)
            try await world.happen()
            try await world.look()
            #expect(world.requests.map(\.target) == ["/hook"])
            #expect(try await world.notices().first?.answer?.contains("redirects are not followed") == true)
        }
    }

    @Test("A private address is not reached")
    func privateAddress() async throws {
        try await NoticeWorld.with(trusting: []) { world in
            let spec = OutgoingWebhookSpec(url: "https://metadata.test:\(world.port)/", secret: .environment("SIGNING"))
            try await world.want(.webhook(spec))
            try await world.happen()
            try await world.look()
            #expect(world.requests.isEmpty)
            #expect(try await world.notices().first?.answer?.contains("nothing in desired state may reach") == true)
        }
    }

    @Test("A notice is sent again when somebody asks, under its id; one whose channel went is not")
    func redeliver() async throws {
        try await NoticeWorld.with { world in
            try await world.want(world.webhook)
            try await world.happen()
            try await world.look()
            let id = try #require(try await world.notices().first?.id)
            #expect(try await world.store.notices.redeliver(id) != nil)
            #expect(try await world.store.notices.redeliver(id + 99) == nil)
            try await world.look()
            #expect(Set(world.requests.map { $0.headers["webhook-id"] }).count == 1)
            #expect(world.requests.count == 2)
            try await world.happen("Last", "words")
            try await world.store.resources.requestDeletion(of: [NoticeWorld.key])
            try await world.look()
            #expect(try await world.store.resources.get(NoticeWorld.key) == nil)
            #expect(try await world.notices().map(\.state) == [.delivered, .dropped])
            await #expect(throws: SluiceError.self) { try await world.store.notices.redeliver(id) }
        }
    }

    @Test("Twenty messages a minute at most get to a WeCom robot, and a burst costs three at most")
    func rate() async throws {
        try await NoticeWorld.with { world in
            try await world.want(NoticeWorld.wecom)
            for index in 1...25 {
                try await world.happen("Promoted", "step \(index)")
                try await world.look()
                try await world.holdTheMinute()
            }
            #expect(world.requests.count == 20)
            try await world.elapse(.seconds(61))
            try await world.look()
            #expect(world.requests.count == 21)
            #expect(try await world.notices().allSatisfy { $0.state == .delivered })
        }
    }

    @Test("A robot's address, and the key in it, are nowhere but where they are kept")
    func canary() async throws {
        let echo = NoticeWorld.Answer(status: 500, body: "cannot post /cgi-bin/webhook/send?key=\(NoticeWorld.canary)")
        let refusal = NoticeWorld.Answer(body: #"{"errcode":93000,"errmsg":"bad key \#(NoticeWorld.canary)"}"#)
        let away = NoticeWorld.Answer.status(302, ["Location": "https://evil.example/?k=\(NoticeWorld.canary)"])
        try await NoticeWorld.with([echo, refusal, away]) { world in
            let lines = NIOLockedValueBox<[String]>([])
            try await world.want(NoticeWorld.wecom)
            try await world.happen()
            for resolver in [Loopback(), Loopback(), Loopback(), Nowhere()] as [any HostResolver] {
                try await world.look(resolver: resolver) { _ in CapturingLog(lines: lines) }
                try await world.elapse(.seconds(90_000))
            }
            #expect(world.requests.count == 3)
            #expect(try await world.notices().first?.attempts == 4)
            #expect(!lines.withLockedValue { $0.joined() }.contains(NoticeWorld.canary))
            let tables = try await world.store.pool.query(
                "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'sluice'")
            #expect(tables.count > 10)
            for table in tables {
                let name = try table.string("name")
                let found = try await world.store.pool.query(
                    "SELECT row FROM sluice.\(name) AS row WHERE row::text LIKE '%c4n4ry%'")
                #expect(found.isEmpty, "\(name)")
            }
        }
    }
}

/// No name is known.
private struct Nowhere: HostResolver {
    func addresses(of host: String) async throws -> [IPAddress] { [] }
}

/// Keeps every line with its metadata.
private struct CapturingLog: LogHandler {
    let lines: NIOLockedValueBox<[String]>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.withLockedValue { $0.append("\(event.message) \(metadata) \(event.metadata ?? [:])") }
    }
}
