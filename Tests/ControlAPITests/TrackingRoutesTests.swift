import AccessControl
import DesiredState
import Diagnostics
import Foundation
import HTTPTypes
import Logging
import NIOConcurrencyHelpers
import Testing
import UpstreamTracking

@testable import ControlAPI

/// What openEuler's patch-tracking answered when it was recorded, asked of ours. The numbers of facts are those of its study;
/// where ours differs on purpose, the test says so, and so does docs/reference/old-tracking-interface.md.
@Suite("The interface of patch-tracking")
struct TrackingRoutesTests {
    private static let item: JSONValue = [
        "version_control": "github", "scm_repo": "A/B", "scm_branch": "master", "scm_commit": .null,
        "repo": "src-openeuler/B", "branch": "master", "enabled": true,
    ]
    private static let admin = basic("admin:Test@123")
    private static let stranger = basic("stranger:Test@123")

    private static func item(_ change: [String: JSONValue], without: String? = nil) -> JSONValue {
        var members = (item.object ?? [:]).merging(change) { _, new in new }
        if let without { members[without] = nil }
        return .object(members)
    }

    /// A controller with the user of patch-tracking's manual, who may operate, and one who may only look.
    private static func services(_ items: [JSONValue] = [item]) throws -> (FakeServices, FakeTracking) {
        let tracking = FakeTracking(try items.map { try TrackingItem(json: $0) })
        let bindings = [("operator", "admin"), ("viewer", "guest")].map { role, user in
            """
            apiVersion: sluice.dev/v1alpha1
            kind: RoleBinding
            metadata: {name: \(user)}
            spec: {role: \(role), subjects: [{user: \(user)}]}
            """
        }
        let file = DesiredStateFile(path: "access.yaml", bytes: Array(bindings.joined(separator: "\n---\n").utf8))
        let rules = AccessRules(try DesiredStateReader().read(files: [file]).resources)
        return (FakeServices(FakeServices.World(rules: rules), tracking: tracking), tracking)
    }

    private static let users = ["admin", "guest", "stranger"].map {
        "\($0):pbkdf2:sha256:150000$w38eLeRm$ebb5069ba3b4dda39a698bd1d9d7f5f848af3bd93b11e0cde2b28e9e34bfbbae"
    }.joined(separator: "\n")

    private static func basic(_ user: String) -> [String: String] {
        ["Authorization": "Basic \(Data(user.utf8).base64EncodedString())"]
    }

    private func ask(
        _ services: FakeServices, _ target: String, method: String = "GET", headers: [String: String] = [:],
        body: String? = nil, isReadOpen: Bool = true
    ) async throws -> Reply {
        try await ControlAPITests.ask(services, target, method: method, headers: headers, body: body) { configuration in
            configuration.requiresAuthentication = true
            configuration.authentication.isReadOpen = isReadOpen
            configuration.authentication.passwords = { try PasswordFile(Secret(Self.users), from: "users") }
        }
    }

    private func code(_ reply: Reply) -> String? {
        #expect(reply.status == 200 && reply["Content-Type"] == "text/html; charset=utf-8")
        #expect(reply["Content-Security-Policy"] == "default-src 'none'; sandbox")
        #expect(Set(reply.json.object?.keys.sorted() ?? []) == ["code", "msg", "data"])
        return reply.json["code"]?.string
    }

    @Test("1.1 GET /tracking lists items in an envelope, without a password, filtered by exact match")
    func list() async throws {
        let other = Self.item(["branch": "next", "enabled": false])
        let (services, _) = try Self.services([Self.item, other])
        for (query, expected) in [
            ("", [Self.item, other]), ("?repo=src-openeuler/B&branch=master", [Self.item]),
            ("?enabled=true", [Self.item]), ("?enabled=1", [other]), ("?enabled=false&branch=master", []),
            ("?repo=src-openeuler", []),
        ] {
            let reply = try await ask(services, "/tracking\(query)")
            #expect(code(reply) == "2001" && reply.json["msg"] == "Successful Operation!")
            #expect(reply.json["data"] == .array(expected), "\(query)")
        }
        let unknown = try await ask(services, "/tracking?issue=1")
        #expect(code(unknown) == "4001" && unknown.json["msg"] == "Please enter the correct parameters")
        #expect(unknown.json["data"] == .null)
    }

    @Test("Nobody reads items without a password unless the operator says so, and nobody more than they see")
    func reading() async throws {
        let (services, _) = try Self.services()
        for path in ["/tracking", "/issue"] {
            #expect(try await ask(services, path, isReadOpen: false).status == 401)
            let seen = try await ask(services, path, headers: Self.admin, isReadOpen: false)
            #expect(seen.json["data"]?.array?.count == 1)
            let guest = try await ask(services, path, headers: Self.stranger, isReadOpen: false)
            #expect(code(guest) == "2001" && guest.json["data"] == [])
        }
    }

    @Test("1.1 POST /tracking takes exactly the seven fields and echoes them; only scm_commit may be left out")
    func put() async throws {
        let (services, tracking) = try Self.services([])
        func post(_ body: JSONValue) async throws -> Reply {
            try await ask(services, "/tracking", method: "POST", headers: Self.admin, body: body.canonicalText)
        }
        for body in [Self.item, Self.item([:], without: "scm_commit")] {
            let reply = try await post(body)
            #expect(code(reply) == "2001" && reply.json["data"] == body)
        }
        #expect(tracking.put.count == 2 && tracking.put.allSatisfy { $0.hasSuffix("by admin") })
        for body in [
            Self.item(["colour": "blue"]), Self.item([:], without: "repo"), Self.item(["version_control": "svn"]), [],
            // There: an internal error, or taken. Here: wrong parameters.
            Self.item(["enabled": "true"]), Self.item(["repo": ""]),
        ] as [JSONValue] {
            #expect(code(try await post(body)) == "4001", "\(body)")
        }
        let broken = try await ask(services, "/tracking", method: "POST", headers: Self.admin, body: "{")
        #expect(broken.status == 400 && broken["Content-Type"] == "text/html; charset=utf-8")
        #expect(broken["Content-Security-Policy"] == "default-src 'none'; sandbox")
        #expect(tracking.put.count == 2)
    }

    @Test(
        "no page has an element that a stranger named, whatever marks stand beside its angle brackets",
        arguments: ["<svg/onload=alert(1)>", "\u{0D4E}<svg/onload=alert(1)\u{0D4E}>", "<\u{301}b>\u{301}"])
    func elements(_ words: String) async throws {
        let (services, _) = try Self.services([Self.item(["branch": .string(words)])])
        let reply = try await ask(services, "/tracking")
        #expect(!reply.text.utf8.contains(UInt8(ascii: "<")) && !reply.text.utf8.contains(UInt8(ascii: ">")))
        #expect(reply.json["data"]?.array?.first?["branch"]?.string == words, "it is read back as it was")
        let head = RequestHead(HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/tracking"))
        let identity = RequestIdentity(head, generated: "1")
        let failure = CallFailure(.badRequest, "patch-tracking.body-malformed", words)
        let page = FailureForm(.tracking).answer(failure, path: "/tracking", identity: identity)
        let body = try #require(page.text?.content.rest(after: "<!doctype html>\n<title>400 Bad Request</title>\n"))
        #expect(body.utf8.count { $0 == UInt8(ascii: "<") } == 4, "the heading's and the paragraph's")
        #expect(page.headers.contains { $0 == ("Content-Security-Policy", "default-src 'none'; sandbox") })
    }

    @Test("What is taken out, and by what words, stands in the audit log, and words that mean nothing do not")
    func audited() async throws {
        let (services, _) = try Self.services()
        let path = "/tracking?repo=src-openeuler/B&branch=master&access_token=c4n4ry"
        _ = try await ask(services, path, method: "DELETE", headers: Self.admin)
        let arguments: JSONValue = ["query": ["repo": "src-openeuler/B", "branch": "master"]]
        #expect(services.now.audit.count == 2)
        #expect(services.now.audit.allSatisfy { $0.arguments == arguments })
        // A query cannot say what the body did.
        _ = try await ask(
            services, "/tracking?repo=harmless&enabled=false", method: "POST", headers: Self.admin,
            body: Self.item.canonicalText)
        let posted = try #require(services.now.audit.last?.arguments)
        #expect(posted["body"]?["repo"] == "src-openeuler/B" && posted["body"]?["enabled"] == true)
        #expect(posted["query"]?["repo"] == "harmless" && posted["repo"] == nil)
    }

    @Test(
        "B-07 No route of any face is open but those of health, and those for whoever proves who they are are known by name"
    )
    func open() throws {
        let (services, _) = try Self.services()
        let all = services.all
        let receiver = WebhookReceiver(
            sources: services, inbox: services, limits: .init(rate: 1, burst: 1), now: { Given.time },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var found: [String: [String]] = [:]
        for route in RouteTable.all(all, receiver: receiver).routes {
            switch route.access {
            case .open: found["open", default: []].append(route.operation)
            case .authenticated: found["authenticated", default: []].append(route.operation)
            case .asks(let verbs): found["asks", default: []].append("\(route.operation) \(verbs.map(\.rawValue))")
            case .proven, .needs, .shows: break
            }
        }
        #expect(found["open"]?.sorted() == ["livez", "readyz"])
        #expect(found["authenticated"]?.sorted() == ["canI", "getDescription", "whoAmI"])
        #expect(found["asks"] == [#"putTracking ["submit", "operate"]"#, #"deleteTracking ["withdraw"]"#])
    }

    @Test("1.1 DELETE /tracking needs the repository, takes all its branches or one, and says when there is none")
    func remove() async throws {
        let (services, tracking) = try Self.services([Self.item, Self.item(["branch": "next"])])
        func delete(_ query: String) async throws -> String? {
            code(try await ask(services, "/tracking\(query)", method: "DELETE", headers: Self.admin))
        }
        #expect(try await delete("") == "4001")
        #expect(try await delete("?branch=master") == "4001")
        #expect(try await delete("?repo=src-openeuler/B&enabled=true") == "4001")
        #expect(try await delete("?repo=other") == "6005")
        #expect(try await delete("?repo=src-openeuler/B&branch=next") == "2001")
        #expect(try await delete("?repo=src-openeuler/B") == "2001")
        #expect(try await tracking.items().isEmpty)
        #expect(try await delete("?repo=src-openeuler/B") == "6005")
    }

    @Test("1.1 GET /issue lists issues by repository and branch, and by nothing else")
    func issues() async throws {
        let (services, _) = try Self.services()
        let reply = try await ask(services, "/issue?repo=src-openeuler/B&branch=master")
        #expect(code(reply) == "2001")
        #expect(reply.json["data"] == [["issue": "I1EGJ4", "repo": "src-openeuler/B", "branch": "master"]])
        #expect(code(try await ask(services, "/issue?issue=I1EGJ4")) == "4001")
        #expect(try await ask(services, "/issue?repo=none").json["data"] == [])
    }

    @Test("1.1 Other methods, a slash at the end and the root are pages of HTML with 405 and 404")
    func pages() async throws {
        let (services, _) = try Self.services()
        for (method, path, status) in [
            ("PUT", "/tracking", 405), ("POST", "/issue", 405), ("GET", "/tracking/", 404), ("GET", "/", 404),
            ("HEAD", "/", 404),
        ] {
            let reply = try await ask(services, path, method: method)
            #expect(reply.status == status && reply["Content-Type"] == "text/html; charset=utf-8", "\(method) \(path)")
        }
    }

    @Test("1.2 Changes need a name and a password, hashed as in its settings, and the right to make them")
    func authentication() async throws {
        let (services, tracking) = try Self.services()
        for (headers, status) in [
            ([:], 401), (Self.basic("admin:test@123"), 401), (Self.basic("admin"), 401),
            (Self.basic("nobody:Test@123"), 401),
            (["Authorization": "Basic ***"], 401), (["Authorization": "Bearer 0123456789abcdef"], 401),
            (Self.basic("guest:Test@123"), 403),
        ] {
            for method in ["POST", "DELETE"] {
                let reply = try await ask(
                    services, method == "DELETE" ? "/tracking?repo=src-openeuler/B" : "/tracking", method: method,
                    headers: headers, body: method == "POST" ? Self.item.canonicalText : nil)
                #expect(reply.status == status, "\(headers)")
                guard status == 401 else { continue }
                #expect(reply.text == "Unauthorized Access")
                #expect(reply["WWW-Authenticate"] == #"Basic realm="Authentication Required""#)
            }
        }
        #expect(tracking.put.isEmpty)
        #expect(try await tracking.items().count == 1)
    }

    @Test("1.1 What cannot be written is told in the envelope: 6004 with a reason, where there the server broke off")
    func failures() async throws {
        let (services, tracking) = try Self.services()
        tracking.fail(SluiceError("configuration.managed-elsewhere", .conflict, "the repository says what should be"))
        let put = try await ask(
            services, "/tracking", method: "POST", headers: Self.admin, body: Self.item.canonicalText)
        #expect(code(put) == "6004" && put.json["msg"]?.string?.contains("the repository says") == true)
        let gone = try await ask(services, "/tracking?repo=src-openeuler/B", method: "DELETE", headers: Self.admin)
        #expect(code(gone) == "6001")
    }

    @Test("B-09 Whoever may change no item is refused before anything is begun, however often they ask")
    func unheard() async throws {
        let (services, tracking) = try Self.services()
        for (headers, status) in [([:], 401), (Self.stranger, 403), (Self.basic("guest:Test@123"), 403)] {
            let post = try await ask(services, "/tracking", method: "POST", headers: headers, body: "{")
            #expect(post.status == status)
            let gone = try await ask(services, "/tracking?repo=none", method: "DELETE", headers: headers)
            #expect(gone.status == status)
        }
        #expect(services.now.audit.map(\.outcome) == Array(repeating: .refused, count: 6))
        #expect(services.now.audit.map(\.verb) == [.submit, .withdraw, .submit, .withdraw, .submit, .withdraw])
        #expect(tracking.put.isEmpty)
    }

    @Test("What an envelope says has failed stands as failed in the audit log, with its code")
    func failed() async throws {
        let (services, tracking) = try Self.services()
        func ended(_ method: String, _ query: String, _ body: String? = nil) async throws -> String {
            _ = try await ask(services, "/tracking\(query)", method: method, headers: Self.admin, body: body)
            let record = try #require(services.now.audit.last)
            return "\(record.outcome.rawValue) \(record.code ?? "-")"
        }
        let item = Self.item.canonicalText
        #expect(try await ended("POST", "", "[]") == "failed patch-tracking.item-invalid")
        #expect(try await ended("POST", "", "{") == "failed patch-tracking.body-malformed")
        #expect(try await ended("DELETE", "") == "failed patch-tracking.parameters-wrong")
        #expect(try await ended("DELETE", "?repo=other") == "failed upstream.unknown")
        #expect(try await ended("POST", "", item) == "done -")
        tracking.fail(SluiceError("configuration.managed-elsewhere", .conflict, "the repository says what should be"))
        #expect(try await ended("POST", "", item) == "failed configuration.managed-elsewhere")
        #expect(try await ended("DELETE", "?repo=src-openeuler/B") == "failed configuration.managed-elsewhere")
    }

    @Test("What strangers write into items is never a page's own words")
    func scripts() async throws {
        let (services, _) = try Self.services([Self.item(["scm_branch": "<script>alert(1)</script>"])])
        let reply = try await ask(services, "/tracking")
        #expect(!reply.text.contains("<script>"))
        #expect(reply.json["data"]?.array?.first?["scm_branch"] == "<script>alert(1)</script>")
    }

    @Test("Where the operator has not asked for it, there is no such interface")
    func absent() async throws {
        for path in ["/tracking", "/issue"] {
            #expect(try await ControlAPITests.ask(FakeServices(), path).status == 404)
        }
    }
}

/// Items in memory.
final class FakeTracking: TrackingDesk {
    private let state: NIOLockedValueBox<(items: [TrackingItem], put: [String], failure: SluiceError?)>

    init(_ items: [TrackingItem]) { state = NIOLockedValueBox((items, [], nil)) }

    var put: [String] { state.withLockedValue { $0.put } }

    func fail(_ error: SluiceError) { state.withLockedValue { $0.failure = error } }

    func items() async throws -> [(name: String, item: TrackingItem)] {
        state.withLockedValue { $0.items }.map { ($0.name(), $0) }
    }

    func issues() async throws -> [(name: String, issue: TrackedIssue)] {
        state.withLockedValue { $0.items }.map {
            ($0.name(), TrackedIssue(issue: "I1EGJ4", repo: $0.repo, branch: $0.branch))
        }
    }

    func forge(of item: TrackingItem) async throws -> String { "gitee" }

    func put(_ item: TrackingItem, by user: String) async throws {
        try state.withLockedValue { state in
            if let failure = state.failure { throw failure }
            state.put.append("\(item.repo) by \(user)")
        }
    }

    func upstream(of item: TrackingItem) async throws -> (name: String, isThere: Bool) {
        (item.name(), state.withLockedValue { $0.items.contains { $0.name() == item.name() } })
    }

    func upstreams(repo: String, branch: String?) async throws -> [String] {
        state.withLockedValue { $0.items }.filter { $0.repo == repo && (branch == nil || $0.branch == branch) }
            .map { $0.name() }
    }

    func remove(_ name: String, by user: String) async throws {
        try state.withLockedValue { state in
            if let failure = state.failure { throw failure }
            state.items.removeAll { $0.name() == name }
        }
    }
}
