import AccessControl
import CandidateDatabases
import ConfigRepository
import DesiredState
import Foundation
import NIOConcurrencyHelpers
import Testing

@testable import ControlAPI
@testable import StateStore

/// Two teams in one controller: `own` with the registry land and the releases of puppet, `other` with water and fountain.
private enum TwoTeams {
    static let ownWords = [
        "registry": "land", "release": "edge", "repository": "puppet", "id": "1", "upstream": "tool",
    ]
    static let otherWords = [
        "registry": "water", "release": "flow", "repository": "fountain", "id": "2", "upstream": "brook",
    ]

    static func services(_ rules: AccessRules? = nil) throws -> FakeServices {
        var world = FakeServices.World()
        world.rules = try rules ?? Self.rules()
        world.registries = ["land", "water"]
        world.candidates = [Given.candidate("1042")]
        world.master = MasterVersion(id: "a", name: "b", published: true)
        world.tables = [try Given.table()]
        world.resources = [
            Given.resource("Registry", "land"), Given.resource("Registry", "water"),
            Given.resource("Candidate", "land/1042"), Given.resource("Candidate", "water/1042"),
            Given.resource("Release", "edge"), Given.resource("Release", "flow"),
            Given.resource("Upstream", "tool"), Given.resource("Upstream", "brook"),
        ]
        world.runs = [Given.run(2, of: "water/1042"), Given.run(1)]
        world.tasks = [Given.task(2, run: 2, of: "water/1042"), Given.task(1, run: 1)]
        world.events = [Given.event(2, of: "water"), Given.event(1)]
        world.deliveries = [Given.delivery(1), Given.delivery(2)]
        world.notices = [Given.notice(2, of: "water"), Given.notice(1)]
        world.changes = ["water", "land"].enumerated().map { index, name in
            ConfigurationChange(
                id: Int64(2 - index), source: "directory", revision: ConfigurationRevision("r"),
                appliedAt: Given.time,
                entries: [
                    ConfigurationEntry(ResourceKey(kind: "Registry", name: name), .created, fields: [], generation: 1)
                ])
        }
        return FakeServices(world)
    }

    static func rules() throws -> AccessRules {
        func registry(_ name: String, _ tenant: String) -> String {
            """
            apiVersion: sluice.dev/v1alpha1
            kind: Registry
            metadata: {name: \(name), labels: {sluice.dev/tenant: \(tenant)}}
            spec:
              forge: here
              project: \(name)
              server: main
              referenceDatabase: \(name)-template
              databasePrefix: \(name)-dev-
              changelogs: [{path: main.xml}]
            ---

            """
        }
        func control(_ name: String, _ release: String, _ tenant: String, _ operators: String) -> String {
            """
            apiVersion: sluice.dev/v1alpha1
            kind: ControlRepository
            metadata: {name: \(name), labels: {sluice.dev/tenant: \(tenant)}}
            spec: {forge: here, project: \(name), stages: [uat, production]}
            ---
            apiVersion: sluice.dev/v1alpha1
            kind: Release
            metadata: {name: \(release)}
            spec: {repository: \(name), source: x, title: X, operators: [\(operators)]}
            ---

            """
        }
        func upstream(_ name: String, _ tenant: String) -> String {
            """
            apiVersion: sluice.dev/v1alpha1
            kind: Upstream
            metadata: {name: \(name), labels: {sluice.dev/tenant: \(tenant)}}
            spec:
              source: {url: "https://git.example.org/\(name).git", branch: main}
              package: {forge: here, project: \(name), branch: main}
            ---

            """
        }
        var text = """
            apiVersion: sluice.dev/v1alpha1
            kind: Forge
            metadata: {name: here}
            spec: {type: local, local: {path: /srv/git}}
            ---
            apiVersion: sluice.dev/v1alpha1
            kind: DatabaseServer
            metadata: {name: main}
            spec: {embedded: {}}
            ---

            """
        text += registry("land", "own") + registry("water", "other")
        text += control("puppet", "edge", "own", "operator-own, operator-all, admin-own, admin-all")
        text += upstream("tool", "own") + upstream("brook", "other")
        text += control("fountain", "flow", "other", "operator-all, admin-all")
        for role in Role.allCases {
            for (suffix, resources) in [("own", ", resources: [{tenant: own}]"), ("all", "")] {
                text += """
                    apiVersion: sluice.dev/v1alpha1
                    kind: RoleBinding
                    metadata: {name: \(role.rawValue)-\(suffix)}
                    spec: {role: \(role.rawValue), subjects: [{user: \(role.rawValue)-\(suffix)}]\(resources)}
                    ---

                    """
            }
        }
        let file = DesiredStateFile(path: "all.yaml", bytes: Array(text.utf8))
        return AccessRules(try DesiredStateReader().read(files: [file]).resources)
    }
}

/// One request of a route, made from its description.
private struct Probe {
    let target: String
    let method: String
    let body: String

    init(_ path: String, _ method: String, _ words: [String: String]) {
        var target = path
        let registry = words["registry"] ?? ""
        let values = [
            // Below a registry, ids are those of candidates.
            "{id}": path.contains("{registry}") ? "1042" : words["id"] ?? "", "{registry}": registry,
            "{release}": words["release"] ?? "", "{upstream}": words["upstream"] ?? "",
            "{command}": path.contains("upstream") ? "reopen" : "promote", "{kind}": "Registry",
            "{name}": path.contains("tables") ? "area" : registry, "{pass}": "1", "{source}": "gitlab",
            "{token}": "x",
        ]
        for (name, value) in values { target = target.replacing(name, with: value) }
        self.target = target
        self.method = method.uppercased()
        let spec: JSONValue = ["repository": .string(words["repository"] ?? ""), "title": "x"]
        let body: JSONValue = [
            "name": "new", "spec": spec, "target": "uat", "project": .string(registry), "subject": "ci",
            "lifetime": "1d", "files": [],
        ]
        self.body = body.canonicalText
    }
}

@Suite("Every route, every role, every tenant")
struct AuthorizationTests {
    /// Who has which verb, written down once more: the table that the code is held against.
    private static let roles: [String: String] = [
        "read": "viewer operator approver admin", "reconcile": "operator approver admin", "notify": "operator admin",
        "confirm": "operator admin", "submit": "operator admin", "operate": "operator admin",
        "withdraw": "operator admin", "expedite": "operator approver admin", "approve": "approver admin",
        "apply": "admin", "clean-up": "admin", "forget": "admin", "audit": "admin", "administer": "admin",
    ]

    /// Which verb the probe of a route that has several needs.
    private static let probed = [
        "askOfRelease": "operate", "askOfUpstream": "operate", "reconcileResource": "reconcile",
    ]

    private struct Operation {
        let path: String
        let method: String
        let name: String
        let access: String
        let verb: String?

        /// Whether the path names an object of a team.
        var isOfTeam: Bool {
            ["{registry}", "{kind}", "{release}", "{upstream}"].contains { path.contains($0) }
                || name == "submitRelease"
        }
    }

    private static func operations(_ services: FakeServices) async throws -> [Operation] {
        let document = try await ask(services, as: "admin-all", "/api/v1/openapi.json").json
        return try (document["paths"]?.object ?? [:]).flatMap { path, methods in
            try (methods.object ?? [:]).map { method, operation in
                let name = try #require(operation["operationId"]?.string)
                let access = try #require(operation["x-sluice-access"]?["access"]?.string, "\(name) says not who may")
                let verbs = (operation["x-sluice-access"]?["verbs"]?.array ?? []).compactMap(\.string)
                if access == "needs" { try #require(!verbs.isEmpty, "\(name) has no verb") }
                if verbs.count > 1 { try #require(probed[name] != nil, "\(name) has several verbs") }
                for verb in verbs { try #require(roles[verb] != nil, "\(verb) is no known verb") }
                return Operation(
                    path: path, method: method, name: name, access: access,
                    verb: probed[name] ?? verbs.first)
            }
        }.sorted { $0.name < $1.name }
    }

    @Test("B-07 Each route lets in exactly those whom its verb lets in, and says 401, 403 and 404 where they belong")
    func matrix() async throws {
        let rules = try TwoTeams.rules()
        let operations = try await Self.operations(try TwoTeams.services(rules))
        #expect(operations.count > 50)
        // What everybody may use is written down here too: a route that is added open is noticed.
        #expect(operations.filter { $0.access == "open" }.map(\.name) == ["livez", "readyz"])
        #expect(
            operations.filter { $0.access == "proven" }.map(\.name) == ["receiveWebhook", "receiveWebhookWithToken"])
        #expect(
            operations.filter { $0.access == "authenticated" }.map(\.name) == ["canI", "getDescription", "whoAmI"])
        var checked = 0
        for operation in operations where operation.access != "proven" {
            for (words, isOwn) in [(TwoTeams.ownWords, true), (TwoTeams.otherWords, false)] {
                let probe = Probe(operation.path, operation.method, words)
                for subject in [nil, "nobody"] + Role.allCases.flatMap({ ["\($0)-own", "\($0)-all"] }) {
                    let reply = try await ask(
                        try TwoTeams.services(rules), as: subject, probe.target, method: probe.method, body: probe.body)
                    let expected = Self.expected(operation, subject, isOwn: isOwn)
                    #expect(
                        Self.outcome(reply) == expected,
                        "\(operation.name) as \(subject ?? "nobody at all") at \(probe.target): \(reply.text)")
                    if let subject, subject.hasSuffix("-own") || subject == "nobody" {
                        let leaks = ["water", "flow", "fountain", "brook"].filter { reply.text.contains($0) }
                        let said = probe.target + probe.body
                        #expect(
                            leaks.allSatisfy { said.contains($0) } && (isOwn || leaks.isEmpty || reply.status != 200),
                            "\(operation.name) tells \(subject) of \(leaks)")
                    }
                    checked += 1
                }
            }
        }
        #expect(checked > 1_000)
    }

    private enum Expected: Equatable {
        case unauthenticated, allowed, denied, hidden
    }

    private static func outcome(_ reply: Reply) -> Expected {
        switch reply.status {
        case 401: return .unauthenticated
        case 403: return .denied
        // The route was open, and found nothing.
        case 404 where reply.json["code"] == "candidate.unknown" || reply.json["code"] == "token.unknown":
            return .allowed
        case 404: return .hidden
        default: return .allowed
        }
    }

    private static func expected(_ operation: Operation, _ subject: String?, isOwn: Bool) -> Expected {
        if operation.access == "open" { return .allowed }
        guard let subject else { return .unauthenticated }
        if operation.name == "canI" || operation.access == "authenticated" { return .allowed }
        let parts = subject.split(separator: "-")
        let role = String(parts[0])
        let isEverywhere = parts.last == "all"
        func has(_ verb: String) -> Bool { roles[verb]?.split(separator: " ").contains { $0 == role } ?? false }
        if operation.access == "shows" {
            // A list shows less; one thing by its number is not there.
            let isOne = operation.path.contains("{id}")
            return !isOne || subject != "nobody" && (isOwn || isEverywhere) ? .allowed : .hidden
        }
        let verb = operation.verb ?? ""
        // Which of the two registries is meant is not said; only whoever sees both is told so.
        if operation.path.hasPrefix("/versions") { return isEverywhere && has(verb) ? .allowed : .hidden }
        // What is not there yet belongs to no team.
        if operation.name == "addUpstream" {
            return isEverywhere && has(verb) ? .allowed : isEverywhere && has("read") ? .denied : .hidden
        }
        if operation.isOfTeam {
            // Each of them is named to nobody else: there is no difference to what does not exist.
            guard subject != "nobody", isOwn || isEverywhere else { return .hidden }
            return has(verb) ? .allowed : .denied
        }
        return isEverywhere && has(verb) ? .allowed : .denied
    }

    @Test("B-07 Each thing that can be asked of a release, an upstream or an object needs the verb that it is about")
    func commands() throws {
        let services = try TwoTeams.services().all
        let routes = ReleaseRoutes(services).routes + UpstreamRoutes(services).routes + ResourceRoutes(services).routes
        func verb(_ operation: String, _ command: String, _ query: [(name: String, value: String)] = []) throws -> Verb?
        {
            let route = try #require(routes.first { $0.operation == operation })
            guard case .needs(let verbs, let ask) = route.access else { return nil }
            let parameters = [
                "release": ["edge"], "upstream": ["tool"], "kind": ["Registry"], "name": ["land"], "command": [command],
            ]
            let caller = Caller(subject: Subject("anna", proof: .token), rules: AccessRules())
            let needed = try ask(Call(parameters: parameters, query: query, body: [], caller: caller)).verb
            // What is said before must not leave one out: who has none of these is not listened to.
            #expect(verbs.contains(needed), "\(operation) \(command)")
            return needed
        }
        for (command, needed) in [
            ("approve", Verb.approve), ("accept", .approve), ("promote", .operate), ("rollback", .operate),
            ("resume", .operate), ("cancel", .withdraw), ("emergency", .expedite),
        ] { #expect(try verb("askOfRelease", command) == needed, "\(command)") }
        for (command, needed) in [
            ("scan", Verb.reconcile), ("move-cursor", .operate), ("reopen", .operate), ("ignore", .operate),
        ] { #expect(try verb("askOfUpstream", command) == needed, "\(command)") }
        #expect(try verb("reconcileResource", "") == .reconcile)
        for name in ["confirmDeletions", "confirmRevision"] {
            #expect(try verb("reconcileResource", "", [(name, "1")]) == .confirm)
        }
    }

    @Test("B-07 What is not there and what may not be seen have the same answer")
    func sameAnswer() async throws {
        for (hidden, missing) in [
            ("/api/v1/resources/Registry/water", "/api/v1/resources/Registry/nowhere"),
            ("/api/v1/resources/Candidate/water/1042", "/api/v1/resources/Candidate/water/9"),
            ("/api/v1/releases/flow", "/api/v1/releases/none"), ("/api/v1/runs/2", "/api/v1/runs/9"),
            ("/registries/water/versions/master", "/registries/nowhere/versions/master"),
            ("/api/v1/configuration/changes/2", "/api/v1/configuration/changes/9"),
        ] {
            let replies = try await [hidden, missing].asyncMap { path in
                let reply = try await ask(
                    try TwoTeams.services(), as: "admin-own", path, headers: ["X-Request-Id": "r", "X-B3-TraceId": "t"])
                var members = reply.json.object ?? [:]
                members["instance"] = nil
                return "\(reply.status) \(JSONValue.object(members).canonicalText)"
            }
            #expect(replies[0] == replies[1])
        }
    }

    @Test("B-07 A name that is nearly that of another team's object is not offered")
    func suggestions() async throws {
        let own = try await ask(try TwoTeams.services(), as: "viewer-all", "/api/v1/resources/Registry/wate")
        #expect(own.json["hint"] == "did you mean water?")
        let other = try await ask(try TwoTeams.services(), as: "viewer-own", "/api/v1/resources/Registry/wate")
        #expect(!other.text.contains("water"))
    }

    @Test("B-07 Where a page ends, and where the next one begins, tells nothing of what may not be seen")
    func pages() async throws {
        let names = ["a-brook", "b-tool", "c-brook", "d-tool", "e-brook"]
        var world = FakeServices.World()
        world.resources = names.map { Given.resource("Upstream", $0) }
        let file = DesiredStateFile(
            path: "a.yaml",
            bytes: Array(
                """
                apiVersion: sluice.dev/v1alpha1
                kind: RoleBinding
                metadata: {name: tools}
                spec: {role: viewer, subjects: [{user: eve}], resources: [{names: ["*-tool"]}]}
                """.utf8))
        world.rules = AccessRules(try DesiredStateReader().read(files: [file]).resources)
        let services = FakeServices(world)
        for path in ["/api/v1/resources", "/api/v1/resources/Upstream", "/api/v1/upstreams"] {
            var seen: [String?] = []
            var cursor = ""
            var answers = ""
            for _ in 0..<5 {
                let reply = try await ask(services, as: "eve", "\(path)?limit=1\(cursor)")
                answers += reply.text
                seen += (reply.json["items"]?.array ?? []).map { $0["metadata"]?["name"]?.string }
                guard let next = reply.json["nextCursor"]?.string else { break }
                cursor = "&cursor=\(next)"
            }
            #expect(seen == ["b-tool", "d-tool"])
            #expect(!answers.contains("brook"))
        }
    }

    @Test("B-07 A history that is asked for of an object that one does not see is empty, and nobody looks")
    func histories() async throws {
        let services = try TwoTeams.services()
        for path in ["runs", "tasks", "events", "configuration/changes"] {
            for (name, count) in [("water", 0), ("gone", 0)] {
                let reply = try await ask(
                    services, as: "viewer-own", "/api/v1/\(path)?kind=Registry&name=\(name)&limit=1")
                #expect(reply.status == 200 && reply.json["items"]?.array?.count == count, "\(path) \(name)")
                #expect(reply.json["nextCursor"] == .null)
            }
        }
        #expect(services.now.filters.isEmpty)
    }

    @Test("With the first binding, whoever is on this machine has to prove who they are, too")
    func firstBinding() async throws {
        let services = try TwoTeams.services()
        #expect(try await ask(services, "/api/v1/resources").status == 401)
        #expect(try await ask(FakeServices(), "/api/v1/resources").status == 200)
        let reading = try await ask(services, "/api/v1/resources") { $0.authentication.isReadOpen = true }
        #expect(reading.status == 200 && reading.text.contains("water"))
        let acting = try await ask(services, "/api/v1/resources/Registry/land/reconcile", method: "POST") {
            $0.authentication.isReadOpen = true
        }
        #expect(acting.status == 401)
    }

    @Test("People ask of releases in their own name; only who is trusted altogether names another")
    func actors() async throws {
        let path = "/api/v1/releases/edge/rollback"
        func ask(_ subject: String, _ body: String) async throws -> (Int, [String]) {
            let services = try TwoTeams.services()
            let reply = try await ControlAPITests.ask(services, as: subject, path, method: "POST", body: body)
            return (reply.status, services.now.asked)
        }
        #expect(try await ask("operator-own", "{}") == (202, ["edge rollback operator-own"]))
        #expect(try await ask("operator-own", #"{"login": "root"}"#) == (202, ["edge rollback operator-own"]))
        #expect(try await ask("operator-own", #"{"actor": "Operator-Own"}"#) == (202, ["edge rollback operator-own"]))
        #expect(try await ask("operator-own", #"{"actor": "admin-own"}"#) == (403, []))
        let services = FakeServices()
        let reply = try await ControlAPITests.ask(
            services, path, method: "POST", body: #"{"actor": "bob", "login": "al"}"#)
        #expect(reply.status == 202 && services.now.asked == ["edge rollback bob"])
    }

    @Test("What is done is written down before and after, what is refused once, and what is looked at not at all")
    func audit() async throws {
        let services = try TwoTeams.services()
        func ask(_ subject: String?, _ path: String, _ method: String = "POST", _ body: String = "{}") async throws
            -> Int
        {
            try await ControlAPITests.ask(
                services, as: subject, path, method: method, body: body, headers: ["X-Request-Id": "r"]
            ).status
        }
        let reconcile = "/api/v1/resources/Registry/land/reconcile"
        #expect(try await ask("operator-own", reconcile) == 202)
        #expect(try await ask("viewer-own", reconcile) == 403)
        #expect(try await ask("viewer-own", "/api/v1/resources/Registry/water/reconcile") == 404)
        #expect(try await ask(nil, reconcile) == 401)
        #expect(try await ask("viewer-own", "/api/v1/resources/Registry/land", "GET") == 200)
        #expect(try await ask("admin-own", "/api/v1/releases/edge/promote", "POST", #"{"target": "batch/x"}"#) == 400)
        #expect(
            try await ask(
                "operator-own", "/api/v1/releases/edge/emergency", "POST", #"{"reason": "tls", "secret": "hunter2"}"#)
                == 202)
        let written = services.now.audit.map {
            "\($0.actor) \($0.action) \($0.object?.description ?? "-") \($0.outcome.rawValue) \($0.code ?? "-")"
        }
        #expect(
            written == [
                "operator-own reconcileResource Registry/land begun -",
                "operator-own reconcileResource Registry/land done -",
                "viewer-own reconcileResource Registry/land refused access.denied",
                "viewer-own reconcileResource Registry/water refused access.unknown-object",
                "anonymous reconcileResource - refused api.unauthorized",
                "admin-own askOfRelease Release/edge begun -",
                "admin-own askOfRelease Release/edge failed release.malformed",
                "operator-own askOfRelease Release/edge begun -",
                "operator-own askOfRelease Release/edge done -",
            ])
        let arguments: JSONValue = ["command": "emergency", "release": "edge", "body": ["reason": "tls"]]
        #expect(services.now.audit.last?.arguments == arguments)
        // The request's id is its sender's; what belongs together is told by an id of ours.
        #expect(services.now.audit.allSatisfy { $0.request == "r" })
        let attempts = services.now.audit.compactMap(\.attempt)
        #expect(attempts.count == 6 && Set(attempts).count == 3)
    }

    @Test("Nothing is done that cannot be written down")
    func unwritable() async throws {
        var world = FakeServices.World()
        world.registries = []
        world.resources = [Given.resource("Registry", "land")]
        let services = FakeServices(world)
        let reply = try await ask(services, "/api/v1/resources/Registry/land/reconcile", method: "POST")
        #expect(reply.status >= 400 && services.now.requested.isEmpty)
    }

    @Test("B-09 A flood of refusals leaves a bounded number of records, with the number of those left out")
    func flood() async throws {
        let services = try TwoTeams.services()
        let time = NIOLockedValueBox(Given.time)
        let trail = AuditTrail(services) { time.withLockedValue(\.self) }
        func refuse(_ caller: Caller?, from address: String) async throws {
            try await trail.refuse(.hidden, caller, address: address, nil, nil, [:], request: "r")
        }
        for _ in 0..<1_000 { try await refuse(nil, from: "198.51.100.1") }
        #expect(services.now.audit.count == 20)
        for number in 0..<1_000 { try await refuse(nil, from: "203.0.113.\(number % 250)") }
        #expect(services.now.audit.count == 100)
        // Who proves who they are has room of their own.
        let anna = Caller(subject: Subject("anna", proof: .password), rules: AccessRules())
        try await refuse(anna, from: "192.0.2.1")
        #expect(services.now.audit.count == 101)
        #expect(services.now.audit.map(\.suppressed).reduce(0, +) == 1_900)
        #expect(services.now.audit.last?.suppressed ?? 0 > 0)
        // What could not be told yet is told by the next.
        try await refuse(nil, from: "198.51.100.1")
        time.withLockedValue { $0 += 60 }
        try await refuse(nil, from: "198.51.100.1")
        #expect(services.now.audit.last?.suppressed == 1)
    }

    @Test("A token's secret is answered once, and never written down")
    func tokens() async throws {
        let services = try TwoTeams.services()
        let made = try await ask(
            services, as: "admin-all", "/api/v1/tokens", method: "POST",
            body: #"{"subject": "ci", "lifetime": "90d", "scopes": ["operator:Release/*"], "note": "x"}"#)
        let secret = try #require(made.json["token"]?.string)
        #expect(made.status == 200 && secret.hasPrefix("slc_") && made["Cache-Control"] == "no-store")
        let list = try await ask(services, as: "admin-all", "/api/v1/tokens")
        #expect(list.json["items"]?.array?.count == 1 && !list.text.contains(secret))
        let audit = try await ask(services, as: "admin-all", "/api/v1/audit").text
        #expect(audit.contains("createToken") && !audit.contains(secret))
        for wrong in [
            #"{"subject": "ci"}"#, #"{"subject": "ci", "lifetime": "2y"}"#, #"{"subject": "", "lifetime": "1d"}"#,
            #"{"subject": "a\nb", "lifetime": "1d"}"#, #"{"subject": "ci", "lifetime": "1d", "scopes": ["root"]}"#,
            #"{"subject": "ci", "lifetime": "1d", "groups": "g"}"#, "[]",
        ] {
            #expect(
                try await ask(services, as: "admin-all", "/api/v1/tokens", method: "POST", body: wrong).status == 400)
        }
    }

    @Test("Whoever came by a token makes none that holds longer, reaches further or is of a name that is taken")
    func bounds() async throws {
        let time = Given.time
        func refused(_ scopes: [AccessScope], _ body: String) async throws -> String? {
            let services = FakeServices()
            let route = try #require(
                TokenRoutes(services, now: { time }).routes.first { $0.operation == "createToken" })
            let subject = Subject(
                "anna", proof: .token, scopes: scopes, credential: "t1", expires: time.addingTimeInterval(3_600))
            do {
                _ = try await route.handle(
                    Call(
                        parameters: [:], query: [], body: Array(body.utf8),
                        caller: Caller(subject: subject, rules: AccessRules())))
                return nil
            } catch let failure as CallFailure {
                return failure.code
            }
        }
        let scope = try AccessScope("admin")
        #expect(try await refused([], #"{"subject": "ci", "lifetime": "1h"}"#) == nil)
        #expect(try await refused([], #"{"subject": "ci", "lifetime": "2h"}"#) == "token.outlives")
        #expect(try await refused([scope], #"{"subject": "ci", "lifetime": "1h"}"#) == "token.outreaches")
        #expect(
            try await refused([scope], #"{"subject": "ci", "lifetime": "1h", "scopes": ["viewer"]}"#)
                == "token.outreaches")
        #expect(try await refused([scope], #"{"subject": "ci", "lifetime": "1h", "scopes": ["admin"]}"#) == nil)
        for name in ["anonymous", "local", "Access-Token"] {
            #expect(try await refused([], #"{"subject": "\#(name)", "lifetime": "1h"}"#) == "token.malformed")
        }
    }

    @Test("Whoever asks what they may do is told what allows it, and only administrators ask for others")
    func canI() async throws {
        let services = try TwoTeams.services()
        func answer(_ subject: String, _ query: String) async throws -> Reply {
            try await ask(services, as: subject, "/api/v1/access/can-i?\(query)")
        }
        let own = try await answer("operator-own", "verb=reconcile&kind=Registry&name=land").json
        #expect(own == ["allowed": true, "reason": "RoleBinding operator-own", "subject": "operator-own"])
        #expect(try await answer("operator-own", "verb=reconcile&kind=Registry&name=water").json["allowed"] == false)
        #expect(try await answer("operator-own", "verb=dance").status == 400)
        #expect(try await answer("operator-own", "verb=read&user=admin-all").status == 403)
        #expect(try await answer("admin-all", "verb=forget&user=admin-own").json["allowed"] == false)
        let me = try await ask(services, as: "eve|crew", "/api/v1/access/whoami").json
        #expect(me == ["name": "eve", "proof": "identity", "groups": ["crew"], "scopes": [], "role": .null])
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async throws -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
