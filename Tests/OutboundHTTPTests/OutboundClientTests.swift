import Diagnostics
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOConcurrencyHelpers
import NIOCore
import OutboundHTTP
import Testing
import WorkContext

/// A server on this machine that answers as it is told, known to the client as `forge.test`.
private struct ScriptedServer {
    struct Answer: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body = "{}"
        var isEndless = false
        var isSilent = false
        /// Whether the answer stops in its middle.
        var isStalled = false
    }

    let client: OutboundClient
    let clock: ManualTime
    let base: OutboundURL
    let resolver: ScriptedResolver
    let seen: NIOLockedValueBox<[String]>
    let traces: NIOLockedValueBox<[String?]>

    /// What was asked for: method, path and who asked.
    var requests: [String] { seen.withLockedValue { $0 } }

    func get(_ path: String = "x", isTraced: Bool = false) async throws -> OutboundResponse {
        try await client.send(OutboundRequest(.get, base.appending([path]), isTraced: isTraced))
    }

    @discardableResult
    static func with<R: Sendable>(
        _ answers: [Answer], configuration: OutboundClient.Configuration = .init(),
        _ body: @escaping @Sendable (ScriptedServer) async throws -> R
    ) async throws -> R {
        let queue = NIOLockedValueBox(answers)
        let seen = NIOLockedValueBox<[String]>([])
        let traces = NIOLockedValueBox<[String?]>([])
        let traceparent = try #require(HTTPField.Name("traceparent"))
        let router = Router()
        let respond: @Sendable (Request, BasicRequestContext) async throws -> Response = { request, _ in
            let answer = queue.withLockedValue { $0.count > 1 ? $0.removeFirst() : $0[0] }
            seen.withLockedValue {
                $0.append("\(request.method) \(request.uri.path) \(request.headers[.authorization] ?? "")")
            }
            traces.withLockedValue { $0.append(request.headers[traceparent]) }
            if answer.isSilent { try await Task.sleep(for: .seconds(60)) }
            var headers = HTTPFields()
            for (name, value) in answer.headers { headers[try #require(HTTPField.Name(name))] = value }
            let content = ByteBuffer(string: answer.body)
            let body = ResponseBody { writer in
                repeat { try await writer.write(content) } while answer.isEndless
                if answer.isStalled { try await Task.sleep(for: .seconds(60)) }
                try await writer.finish(nil)
            }
            return Response(status: .init(code: answer.status), headers: headers, body: body)
        }
        router.get("/x", use: respond)
        router.post("/x", use: respond)
        let (ports, announce) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in announce.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            var port = 0
            for await announced in ports {
                port = announced
                break
            }
            let loopback = try #require(IPAddress("127.0.0.1"))
            let resolver = ScriptedResolver(["forge.test": [[loopback]]])
            let clock = ManualTime()
            let client = OutboundClient(
                destinations: DestinationGuard(policy: AddressPolicy(trusting: ["forge.test"]), resolver: resolver),
                configuration: configuration, randomness: Randomness { 0.5 }, time: clock.time)
            let result = try await body(
                ScriptedServer(
                    client: client, clock: clock, base: try OutboundURL("http://forge.test:\(port)"),
                    resolver: resolver,
                    seen: seen, traces: traces))
            group.cancelAll()
            return result
        }
    }
}

/// Clocks that stand still until somebody sleeps.
private final class ManualTime: Sendable {
    private let now = NIOLockedValueBox(Duration.zero)
    private let slept = NIOLockedValueBox<[Duration]>([])

    var sleeps: [Duration] { slept.withLockedValue { $0 } }

    var time: OutboundTime {
        OutboundTime(
            monotonic: { self.now.withLockedValue { $0 } },
            date: {
                Date(timeIntervalSince1970: 784_111_777 + self.now.withLockedValue { $0 } / .seconds(1))
            },
            sleep: { duration in
                self.slept.withLockedValue { $0.append(duration) }
                self.now.withLockedValue { $0 += duration }
            })
    }

    func advance(_ duration: Duration) { now.withLockedValue { $0 += duration } }
}

@Suite("The HTTP client for hosts outside")
struct OutboundClientTests {
    @Test(
        "A host that may know is told which trace a request belongs to, and of which part of it it is; others are told nothing"
    )
    func trace() async throws {
        let told = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let trace = try #require(TraceContext(traceparent: told))
        try await ScriptedServer.with([.init()]) { server in
            _ = try await server.get(isTraced: true)
            try await WorkContext.$current.withValue(WorkContext(trace: trace)) {
                _ = try await server.get(isTraced: true)
                _ = try await server.get()
            }
            let traces = server.traces.withLockedValue(\.self)
            #expect(traces.count == 3 && traces[0] == nil && traces[2] == nil)
            let sent = try #require(traces[1].flatMap { TraceContext(traceparent: $0) })
            #expect(sent.traceID == trace.traceID && sent.spanID != trace.spanID)
        }
    }

    @Test("How far a host's clock is ahead of ours is found by its answers")
    func clock() async throws {
        try await ScriptedServer.with([.init(headers: ["Date": "Thu, 01 Jan 1970 00:01:30 GMT"])]) { server in
            _ = try await server.get()
            let lead = await server.client.reports().first?.clock
            // Where the server sets the field itself, it does so by the real time.
            #expect(lead.map { $0 >= .seconds(89) } == true)
        }
    }

    @Test func `an answer comes with its status, fields and body, and says who we are`() async throws {
        try await ScriptedServer.with([.init(status: 404, headers: ["X-Next-Page": "2"], body: "[1]")]) { server in
            let request = OutboundRequest(
                .get, server.base.appending(["x"]),
                credential: .init(field: "Authorization", value: Secret("Bearer t0ken")))
            let answer = try await server.client.send(request)
            #expect(answer.status == 404)
            #expect(answer.headers["x-next-page"] == "2")
            #expect(String(decoding: answer.body, as: UTF8.self) == "[1]")
            #expect(server.requests == ["GET /x Bearer t0ken"])
        }
    }

    @Test func `B-04: the connection goes to the address that was checked, and the name is not looked up again`()
        async throws
    {
        try await ScriptedServer.with([.init()]) { server in
            for _ in 0..<3 { _ = try await server.get() }
            // The system knows no forge.test: without the checked address there would be no connection at all.
            #expect(await server.resolver.questions == 1)
        }
    }

    @Test func `B-04: a name that turns to an inner address is refused at the next look, and nothing is sent`()
        async throws
    {
        try await ScriptedServer.with([.init()]) { server in
            let outside = try #require(IPAddress("93.184.216.34"))
            let inside = try #require(IPAddress("127.0.0.1"))
            let resolver = ScriptedResolver(["rebind.test": [[outside], [inside]]])
            let guarded = DestinationGuard(policy: AddressPolicy(), resolver: resolver)
            let url = try OutboundURL("https://rebind.test:\(server.base.port)/x")
            #expect(try await guarded.addresses(for: url) == [outside])
            let client = OutboundClient(destinations: guarded, time: ManualTime().time)
            await expectFailure("outbound.address-denied") { try await client.send(OutboundRequest(.get, url)) }
            #expect(server.requests.isEmpty)
        }
    }

    @Test(arguments: [301, 302, 307, 308])
    func `B-04: redirects are not followed, and the place they name is said`(_ status: Int) async throws {
        let location = "https://metadata.example:8443/secret?token=1"
        try await ScriptedServer.with([.init(status: status, headers: ["Location": location])]) { server in
            let error = await expectFailure("outbound.redirected") { try await server.get() }
            #expect(error?.kind == .stalled)
            #expect(error?.message.contains("https://metadata.example:8443") == true)
            #expect(error?.message.contains("token") == false)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `an endless answer is cut off`() async throws {
        var configuration = OutboundClient.Configuration()
        configuration.answerLimit = 100_000
        try await ScriptedServer.with(
            [.init(body: String(repeating: "a", count: 4096), isEndless: true)], configuration: configuration
        ) { server in
            await expectFailure("outbound.answer-too-large") { try await server.get() }
        }
    }

    @Test func `F-03: an answer that does not come is waited for until the deadline only`() async throws {
        var configuration = OutboundClient.Configuration()
        configuration.deadline = .milliseconds(50)
        configuration.attempts = 1
        try await ScriptedServer.with([.init(isSilent: true)], configuration: configuration) { server in
            let error = await expectFailure("outbound.timed-out") { try await server.get() }
            #expect(error?.kind == .transient)
        }
    }

    @Test func `F-03: an answer that stops in its middle is waited for until the deadline only`() async throws {
        var configuration = OutboundClient.Configuration()
        configuration.deadline = .milliseconds(50)
        configuration.attempts = 1
        try await ScriptedServer.with([.init(isStalled: true)], configuration: configuration) { server in
            let error = await expectFailure("outbound.timed-out") { try await server.get() }
            #expect(error?.kind == .transient)
        }
    }

    @Test func `F-05: a reading request is tried again soon, with jitter`() async throws {
        try await ScriptedServer.with([.init(status: 503), .init(status: 502), .init()]) { server in
            let answer = try await server.get()
            #expect(answer.status == 200)
            #expect(server.clock.sleeps == [.milliseconds(125), .milliseconds(250)])
        }
    }

    @Test func `F-05: a writing request is sent once`() async throws {
        try await ScriptedServer.with([.init(status: 503), .init()]) { server in
            await expectFailure("outbound.server-failed") {
                try await server.client.send(OutboundRequest(.post, server.base.appending(["x"]), body: [0x7B, 0x7D]))
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test(arguments: [("30", 30), ("Sun, 06 Nov 1994 08:49:57 GMT", 20)])
    func `F-05: a host that asks us to wait is not asked sooner`(_ value: String, _ seconds: Int) async throws {
        try await ScriptedServer.with([
            .init(status: 429, headers: ["Retry-After": value], body: "Retry later"), .init(),
        ]) { server in
            let error = await expectFailure("outbound.rate-limited") { try await server.get() }
            #expect(error?.retryAfter == .seconds(seconds))
            server.clock.advance(.seconds(seconds - 3))
            let second = await expectFailure("outbound.rate-limited") { try await server.get() }
            #expect(second?.retryAfter == .seconds(3))
            #expect(server.requests.count == 1)
            server.clock.advance(.seconds(3))
            let answer = try await server.get()
            #expect(answer.status == 200)
        }
    }

    @Test func `F-05: an exhausted limit of GitHub is waited out, and shown`() async throws {
        let headers = [
            "X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "784111837",
        ]
        try await ScriptedServer.with([.init(status: 403, headers: headers), .init()]) { server in
            let error = await expectFailure("outbound.rate-limited") { try await server.get() }
            #expect(error?.retryAfter == .seconds(60))
            let report = try #require(await server.client.reports().first)
            #expect(report.rateLimit?.limit == 60)
            #expect(report.rateLimit?.remaining == 0)
            #expect(report.waiting == .seconds(60))
        }
    }

    @Test(
        "F-05: who was asked too often and names no time that lies ahead is not asked for a minute",
        arguments: [
            (429, [:]), (429, ["Retry-After": "0"]), (429, ["Retry-After": "soon"]), (403, ["Retry-After": "0"]),
            (429, ["Retry-After": "t/\u{357}"]),
            (403, ["Retry-After": "Sun, 06 Nov 1994 08:00:00 GMT"]),
            (403, ["X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "784111000"]),
            (403, ["X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "0"]),
        ] as [(Int, [String: String])])
    func unnamedWait(_ status: Int, _ headers: [String: String]) async throws {
        try await ScriptedServer.with([.init(status: status, headers: headers), .init()]) { server in
            let error = await expectFailure("outbound.rate-limited") { try await server.get() }
            #expect(error?.retryAfter == .seconds(60))
            server.clock.advance(.seconds(57))
            await expectFailure("outbound.rate-limited") { try await server.get() }
            #expect(server.requests.count == 1)
        }
    }

    @Test func `F-05: a host in trouble that names no time that lies ahead is tried again with a growing delay`()
        async throws
    {
        let answer = ScriptedServer.Answer(status: 503, headers: ["Retry-After": "0"])
        try await ScriptedServer.with([answer, answer, .init()]) { server in
            _ = try await server.get()
            #expect(server.clock.sleeps == [.milliseconds(125), .milliseconds(250)])
        }
    }

    @Test(arguments: ["Bearer c4nary-token-1", "Basic bWU6YzRuYXJ5", "c4nary-token-1"])
    func `B-09: an error page that repeats our request does not carry the credential into an error`(
        _ value: String
    ) async throws {
        let echo = "<html>\(String(repeating: "x", count: 470)) \(value) c4nary-token-1 bWU6YzRuYXJ5 end</html>"
        try await ScriptedServer.with([.init(status: 500, body: echo)]) { server in
            let request = OutboundRequest(
                .post, server.base.appending(["x"]),
                credential: .init(field: "Authorization", value: Secret(value), of: Secret("c4nary-token-1")))
            let error = await expectFailure("outbound.server-failed") { try await server.client.send(request) }
            let told = String(reflecting: error) + (error?.detail ?? "")
            #expect(!told.contains("c4nary") && (error?.detail?.hasPrefix("<html>") ?? false))
            if value.hasPrefix("Basic") { #expect(!told.contains("bWU6")) }
        }
    }

    @Test(arguments: ["c4nary-1\nsecond line", "c4nary-1\u{7}"])
    func `B-09: a credential that no header field can carry is not sent, nor quoted`(_ value: String) async throws {
        try await ScriptedServer.with([.init()]) { server in
            let request = OutboundRequest(
                .get, server.base.appending(["x"]), credential: .init(field: "PRIVATE-TOKEN", value: Secret(value)))
            let error = await expectFailure("outbound.credential-invalid") { try await server.client.send(request) }
            #expect(!String(reflecting: error).contains("c4nary"))
            #expect(error?.kind == .stalled)
            #expect(server.requests.isEmpty)
        }
    }

    @Test func `F-05: after five failures nothing is sent for a while, then one request finds out`() async throws {
        var configuration = OutboundClient.Configuration()
        configuration.attempts = 1
        var answers = Array(repeating: ScriptedServer.Answer(status: 500, body: "<html>"), count: 5)
        answers.append(.init())
        try await ScriptedServer.with(answers, configuration: configuration) { server in
            for _ in 0..<5 { await expectFailure("outbound.server-failed") { try await server.get() } }
            let error = await expectFailure("outbound.circuit-open") { try await server.get() }
            #expect(error?.retryAfter == .seconds(15))
            #expect(server.requests.count == 5)
            server.clock.advance(.seconds(15))
            let answer = try await server.get()
            #expect(answer.status == 200)
            #expect(await server.client.reports().first?.breaker == .closed(failures: 0))
        }
    }

    @Test func `a host without a server is unreachable, which is transient`() async throws {
        let loopback = try #require(IPAddress("127.0.0.1"))
        let client = OutboundClient(
            destinations: DestinationGuard(
                policy: AddressPolicy(trusting: ["gone.test"]), resolver: ScriptedResolver(["gone.test": [[loopback]]])),
            time: ManualTime().time)
        let error = await expectFailure("outbound.unreachable") {
            try await client.send(OutboundRequest(.get, try OutboundURL("http://gone.test:1/")))
        }
        #expect(error?.kind == .transient)
    }
}
