import DesiredState
import Diagnostics
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOConcurrencyHelpers
import NIOCore
import OutboundHTTP
import PostgresClient
import Reconciliation
import StateStore
import StateStoreSupport
import Testing

@testable import Notices

/// A state store, a channel, and a server that stands for robots and programs: it answers as it is told, and remembers what
/// it was asked. The controller knows it as `robots.test`.
struct NoticeWorld: Sendable {
    struct Answer: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body = #"{"errcode":0,"errmsg":"ok","code":0}"#

        static let taken = Answer()
        static func status(_ status: Int, _ headers: [String: String] = [:]) -> Answer {
            Answer(status: status, headers: headers, body: "no")
        }
    }

    struct Asked: Sendable {
        let target: String
        let headers: [String: String]
        let body: String

        var json: JSONValue? { try? JSONValue(parsing: body) }
    }

    static let key = ResourceKey(kind: "NotificationChannel", name: "ops")
    static let release = ResourceKey(kind: "Release", name: "edge-42")
    /// What nobody may ever see.
    static let canary = "c4n4ry-693axxx6-7aoc-4bc4-97a0"
    static let signing = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    static let time = Date(timeIntervalSince1970: 1_739_260_800)

    let store: StateStore
    let port: Int
    let answers: NIOLockedValueBox<[Answer]>
    let asked: NIOLockedValueBox<[Asked]>
    let trusted: [String]

    var requests: [Asked] { asked.withLockedValue { $0 } }

    /// The address of a robot, with the key in it.
    var robot: String { "http://robots.test:\(port)/cgi-bin/webhook/send?key=\(Self.canary)" }

    static let wecom = NoticeDestination.wecom(RobotSpec(url: .environment("ROBOT")))
    var webhook: NoticeDestination {
        .webhook(OutgoingWebhookSpec(url: "http://robots.test:\(port)/hook", secret: .environment("SIGNING")))
    }

    /// Calls `body` with a world whose server answers with each of the answers, and with the last one for ever.
    static func with(
        _ answers: [Answer] = [.taken], trusting: [String] = ["robots.test"],
        _ body: @escaping @Sendable (NoticeWorld) async throws -> Void
    ) async throws {
        let (queue, asked) = (NIOLockedValueBox(answers), NIOLockedValueBox<[Asked]>([]))
        let router = Router()
        router.post("**") { request, _ in
            let content = try await request.body.collect(upTo: 1 << 20)
            var fields: [String: String] = [:]
            for field in request.headers { fields[field.name.canonicalName] = field.value }
            let entry = Asked(target: request.uri.string, headers: fields, body: String(buffer: content))
            asked.withLockedValue { $0.append(entry) }
            let answer = queue.withLockedValue { $0.count > 1 ? $0.removeFirst() : $0[0] }
            var headers = HTTPFields()
            for (name, value) in answer.headers { headers[try #require(HTTPField.Name(name))] = value }
            return Response(
                status: .init(code: answer.status), headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(string: answer.body)))
        }
        let (ports, announce) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in announce.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            var port = 0
            for await announced in ports {
                port = announced
                break
            }
            let bound = port
            try await withStore { store in
                try await body(
                    NoticeWorld(store: store, port: bound, answers: queue, asked: asked, trusted: trusting))
            }
            group.cancelAll()
        }
    }
}

extension NoticeWorld {
    /// Wants the channel to be so, and has the controller subscribe it.
    func want(_ spec: NotificationChannelSpec) async throws {
        try await store.resources.store([
            DesiredResource(Self.key, spec: ResourceSpec.notificationChannel(spec).json)
        ])
        try await look()
        let subscription = try await store.notices.standing(of: Self.key).subscription
        let stored = try await store.resources.get(Self.key)
        try #require(subscription != nil, "\(String(describing: stored))")
    }

    /// Wants a channel that tells of everything at once.
    func want(_ destination: NoticeDestination, quiet: Duration = .seconds(3600)) async throws {
        try await want(NotificationChannelSpec(destination, rules: [NoticeRule()], quiet: quiet, gather: .zero))
    }

    /// Something happens to an object.
    func happen(
        _ reason: String = "Promoted", _ message: String = "uat got 1234567", _ severity: Event.Severity = .normal,
        to key: ResourceKey = release
    ) async throws {
        try await store.events.append([NewEvent(severity, reason: reason, message: message)], to: key)
    }

    /// Has a controller work until nothing is due.
    func look(
        failpoints: any Failpoints = NoFailpoints(), worker: String = "one", resolver: any HostResolver = Loopback(),
        log: @escaping @Sendable (String) -> any LogHandler = { _ in SwiftLogNoOpLogHandler() }
    ) async throws {
        try await store.queue.enqueue(EnqueueRequest(Self.key, lane: .observe, reason: "test"))
        try await engine(failpoints: failpoints, worker: worker, resolver: resolver, log: log).drain(limit: 50)
    }

    /// A controller; each has connections of its own, as each process has.
    func engine(
        failpoints: any Failpoints = NoFailpoints(), worker: String, resolver: any HostResolver = Loopback(),
        log: @escaping @Sendable (String) -> any LogHandler = { _ in SwiftLogNoOpLogHandler() }
    ) -> Engine {
        let configuration = EngineConfiguration.patient(worker: worker)
        let client = OutboundClient(
            destinations: DestinationGuard(policy: AddressPolicy(trusting: trusted), resolver: resolver),
            configuration: .init(connectTimeout: .seconds(120), deadline: .seconds(600)))
        let secrets = SecretResolver(environment: ["ROBOT": robot, "SIGNING": Self.signing])
        return Engine(
            store: store,
            reconcilers: [
                ChannelReconciler(
                    store: store,
                    sender: OutboundNoticeSender(client: client, secrets: secrets) { Self.time },
                    randomness: Randomness { 0.5 })
            ],
            configuration: configuration, failpoints: failpoints, randomness: Randomness { 0 },
            logger: Logger(label: "test", factory: log))
    }

    /// Lets time go by, as the store sees it.
    func elapse(_ duration: Duration) async throws {
        let seconds = duration / .seconds(1)
        for (table, columns) in [
            ("notices", ["created_at", "next_attempt_at", "attempted_at", "ended_at"]),
            ("subscribers", ["failing_since", "not_before"]),
        ] {
            let changes = columns.map { "\($0) = \($0) - \(seconds) * interval '1 second'" }.joined(separator: ", ")
            _ = try await store.pool.query("UPDATE sluice.\(table) SET \(changes)")
        }
    }

    /// Makes as if what was sent was sent just now: the minute of the rate is not over, however slow the machine is.
    func holdTheMinute() async throws {
        _ = try await store.pool.query(
            "UPDATE sluice.notices SET attempted_at = statement_timestamp() WHERE attempted_at IS NOT NULL")
    }

    /// All notices, oldest first.
    func notices() async throws -> [Notice] {
        try await store.notices.list(page: PageRequest(limit: 500)).elements.reversed()
    }

    /// What the channel says.
    func ready() async throws -> Condition? { try await store.resources.get(Self.key)?.conditions[.ready] }
}

/// Every name is this machine.
struct Loopback: HostResolver {
    func addresses(of host: String) async throws -> [IPAddress] { [try #require(IPAddress("127.0.0.1"))] }
}

/// A notice for pure tests.
func notice(
    _ id: Int64, _ message: String = "uat got 1234567", reason: String = "Promoted",
    severity: Event.Severity = .normal, of object: ResourceKey = NoticeWorld.release, title: String? = nil,
    by actor: String? = nil, attempts: Int = 0, asked: Bool = false
) -> Notice {
    Notice(
        id: id, messageID: "msg_\(id)", subscriber: NoticeWorld.key, object: object, severity: severity,
        reason: reason, message: message, title: title, actor: actor, isAsked: asked, attempts: attempts,
        createdAt: NoticeWorld.time)
}
