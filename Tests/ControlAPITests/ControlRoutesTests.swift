import ControlAPI
import DesiredState
import Diagnostics
import Doctor
import Foundation
import StateStore
import Testing

@Suite struct ControlRoutesTests {
    private func services(_ change: (inout FakeServices.World) -> Void = { _ in }) -> FakeServices {
        var world = FakeServices.World()
        change(&world)
        return FakeServices(world)
    }

    @Test("Runs come newest first, a page at a time, until there are no more")
    func pages() async throws {
        let services = services { $0.runs = (1...5).reversed().map { Given.run($0) } }
        var target = "/api/v1/runs?limit=2"
        var ids: [Int] = []
        while true {
            let page = try await ask(services, target).json
            ids += page["items"]?.array?.compactMap { $0["id"]?.integer } ?? []
            guard let cursor = page["nextCursor"]?.string else { break }
            target = "/api/v1/runs?limit=2&cursor=\(cursor)"
        }
        #expect(ids == [5, 4, 3, 2, 1])
    }

    @Test("Every filter reaches the history")
    func filters() async throws {
        let services = services { $0.runs = [Given.run(2, .failed), Given.run(1)] }
        let reply = try await ask(
            services,
            "/api/v1/runs?kind=Candidate&name=land/1042&revision=bbbb&target=db&action=clone&status=failed,lost"
                + "&since=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00.5%2B02:00")
        #expect(reply.json["items"]?.array?.map { $0["id"] } == [2])
        #expect(
            services.now.filters == [
                HistoryFilter(
                    kind: "Candidate", name: "land/1042", revision: "bbbb", target: "db", action: "clone",
                    since: Date(timeIntervalSince1970: 1_767_225_600),
                    until: Date(timeIntervalSince1970: 1_767_304_800.5))
            ])
    }

    @Test("A run tells what failed, but not what only operators may know")
    func run() async throws {
        let reply = try await ask(services { $0.runs = [Given.run(2, .failed)] }, "/api/v1/runs/2")
        #expect(reply.json["error"] == ["code": "a.b", "message": "it failed"])
        #expect(reply.json["seconds"] == .number(1.5))
        #expect(!reply.text.contains("10.0.0.1"))
    }

    @Test("Tasks of a run are found by status and target, and a run that is not there is told from an empty answer")
    func tasks() async throws {
        let services = services {
            $0.runs = [Given.run(2)]
            $0.tasks = [Given.task(9, run: 2, .failed), Given.task(8, run: 2), Given.task(7, run: 1)]
        }
        func ids(_ query: String) async throws -> [JSONValue?]? {
            try await ask(services, "/api/v1/runs/2/tasks\(query)").json["items"]?.array?.map { $0["id"] }
        }
        #expect(try await ids("") == [9, 8])
        #expect(try await ids("?status=failed&target=db") == [9])
        #expect(try await ids("?target=other") == [])
        #expect(try await ask(services, "/api/v1/runs/3/tasks").status == 404)
    }

    @Test(
        "A question that makes no sense is refused with what would",
        arguments: [
            ("/api/v1/runs?statu=failed", 400, "api.unknown-parameter"),
            ("/api/v1/runs?status=broken", 400, "api.invalid-parameter"),
            ("/api/v1/runs?limit=0", 400, "api.invalid-parameter"),
            ("/api/v1/runs?limit=99999999999999999999", 400, "api.invalid-parameter"),
            ("/api/v1/runs?since=yesterday", 400, "api.invalid-parameter"),
            ("/api/v1/runs?cursor=5", 400, "page.invalid-cursor"),
            ("/api/v1/runs/0", 404, "run.unknown"),
            ("/api/v1/runs/x", 404, "run.unknown"),
            ("/api/v1/runs/99999999999999999999", 404, "run.unknown"),
            ("/api/v1/resources/Registri", 404, "resource.unknown-kind"),
            ("/api/v1/resources/Registry/none", 404, "resource.unknown"),
            ("/api/v1/resources/Registry/a%00b", 404, "resource.unknown"),
            ("/api/v1/resources?cursor=Other/x", 400, "api.invalid-parameter"),
            ("/api/v1/events?kind=Registry", 400, "api.invalid-parameter"),
            ("/api/v1/nothing", 404, "api.unknown-path"),
            ("/", 404, "api.unknown-path"),
            ("/api/v1/runs/%zz", 400, "api.malformed-target"),
            ("/api/v1/runs?a=%ff", 400, "api.malformed-target"),
        ])
    func refusals(_ target: String, _ status: Int, _ code: String) async throws {
        let reply = try await ask(services(), target, headers: ["X-Request-Id": "r-1"])
        #expect(reply.status == status)
        #expect(reply["Content-Type"] == "application/problem+json")
        #expect(reply["X-Request-Id"] == "r-1")
        #expect(reply.json["code"] == .string(code))
        #expect(reply.json["status"] == .integer(status))
        #expect(reply.json["requestId"] == "r-1")
        #expect(reply.json["detail"]?.string?.isEmpty == false)
    }

    @Test("A misspelt parameter finds the one that was meant")
    func hint() async throws {
        let reply = try await ask(services(), "/api/v1/runs?statu=failed")
        #expect(reply.json["hint"] == "did you mean status?")
        #expect(try await ask(services(), "/api/v1/resources/Registri").json["hint"] == "did you mean Registry?")
    }

    @Test("Objects of all kinds are listed in pages that go on across kinds")
    func resources() async throws {
        let services = services {
            $0.resources = [
                Given.resource("Candidate", "land/1042"), Given.resource("Candidate", "land/1043"),
                Given.resource("Registry", "land"), Given.resource("Secretive", "x"),
            ]
        }
        var target = "/api/v1/resources?limit=1"
        var names: [String] = []
        while true {
            let page = try await ask(services, target).json
            names += page["items"]?.array?.compactMap { $0["metadata"]?["name"]?.string } ?? []
            guard let cursor = page["nextCursor"]?.string else { break }
            target = "/api/v1/resources?limit=1&cursor=\(cursor)"
        }
        #expect(names == ["land", "land/1042", "land/1043"])
        let ofKind = try await ask(services, "/api/v1/resources/Candidate").json
        #expect(ofKind["items"]?.array?.count == 2)
        #expect(try await ask(services, "/api/v1/resources/Secretive").status == 404)
    }

    @Test("An object is a manifest with its status: what is, what it waits for, and when it is looked at next")
    func resource() async throws {
        let services = services { $0.resources = [Given.resource("Candidate", "land/1042")] }
        let body = try await ask(services, "/api/v1/resources/Candidate/land/1042").json
        #expect(body["metadata"]?["labels"] == ["team": "a"])
        #expect(body["metadata"]?["generation"] == 2)
        #expect(body["status"]?["state"] == "building")
        #expect(body["status"]?["observedGeneration"] == 1)
        #expect(body["status"]?["waitingOn"]?["what"] == "the base template")
        #expect(body["status"]?["conditions"]?.array?.first?["type"] == "Ready")
    }

    @Test("Names with encoded slashes are found as they are stored")
    func composedNames() async throws {
        let key = ResourceKey(kind: "Candidate", components: ["land", "feature/x"])
        let services = services { $0.resources = [Given.resource("Candidate", key.name)] }
        let reply = try await ask(services, "/api/v1/resources/Candidate/land/feature%2Fx")
        #expect(reply.json["metadata"]?["name"] == "land/feature%2Fx")
    }

    @Test("A wish to have an object looked at names the pass that will answer")
    func reconcile() async throws {
        let services = services { $0.resources = [Given.resource("Candidate", "land/1042")] }
        let reply = try await ask(services, "/api/v1/resources/Candidate/land/1042/reconcile", method: "POST")
        #expect(reply.status == 202)
        #expect(reply.json == ["kind": "Candidate", "name": "land/1042", "pass": 7])
        #expect(services.now.requested == [ResourceKey(kind: "Candidate", name: "land/1042")])
        #expect(try await ask(services, "/api/v1/resources/Candidate/x/reconcile", method: "POST").status == 404)
    }

    @Test("Deletions are confirmed for registries only, and in numbers that make sense")
    func confirmation() async throws {
        let services = services {
            $0.resources = [Given.resource("Registry", "land"), Given.resource("Candidate", "x")]
        }
        for (target, status) in [
            ("Registry/land/reconcile?confirmDeletions=20", 202), ("Registry/land/reconcile?confirmDeletions=0", 400),
            ("Registry/land/reconcile?confirmDeletions=all", 400), ("Candidate/x/reconcile?confirmDeletions=20", 400),
        ] {
            let reply = try await ask(services, "/api/v1/resources/\(target)", method: "POST")
            #expect(reply.status == status, "\(target)")
        }
        #expect(services.now.requested.count == 1)
    }

    @Test("Whoever asked for a pass can ask whether it was answered")
    func ticket() async throws {
        let reply = try await ask(services(), "/api/v1/tickets/7/Candidate/land/1042")
        #expect(reply.json["pass"] == 7)
        #expect(reply.json["answered"]?.bool != nil)
        for pass in ["0", "-1", "x", "99999999999999999999"] {
            #expect(try await ask(services(), "/api/v1/tickets/\(pass)/Candidate/land/1042").status == 404)
        }
    }

    @Test("What people ask of releases reaches the desk with who asks")
    func releases() async throws {
        let services = services()
        let tree = String(repeating: "a", count: 40)
        let asked: [(String, JSONValue)] = [
            ("", ["name": "edge", "actor": "alice", "spec": ["title": "TLS 1.3"]]),
            ("/edge/approve", ["actor": "dora", "tree": .string(tree)]),
            ("/edge/promote", ["actor": "bob", "target": "batch/1"]), ("/edge/rollback", ["actor": "bob"]),
            ("/edge/emergency", ["actor": "carol", "reason": "certificates run out"]),
            ("/edge/accept", ["actor": "dora", "branch": "zone01", "tree": .string(tree)]),
        ]
        for (path, body) in asked {
            let answer = try await ask(services, "/api/v1/releases\(path)", method: "POST", body: body.canonicalText)
            #expect(answer.status == 202 && answer.json["kind"] == "Release" && answer.json["name"] == "edge")
        }
        #expect(services.now.asked.count == asked.count)
        #expect(services.now.asked.first == "edge submit alice")
        #expect(services.now.asked.last?.hasSuffix("dora") == true)
    }

    @Test("What is asked of a release without who asks, or in unknown words, is refused with what to send")
    func malformedReleases() async throws {
        let services = services()
        let wrong: [(String, JSONValue, Int)] = [
            ("/edge/promote", ["target": "uat"], 400), ("/edge/promote", ["actor": "bob", "target": "batch/x"], 400),
            ("/edge/approve", ["actor": "dora", "tree": "abc"], 400), ("/edge/shred", ["actor": "bob"], 404),
            ("/edge/rollback", ["actor": "bob\u{1B}[2J"], 400), ("", ["name": "edge", "actor": "bob"], 400),
        ]
        for (path, body, status) in wrong {
            let answer = try await ask(services, "/api/v1/releases\(path)", method: "POST", body: body.canonicalText)
            #expect(answer.status == status, "\(path)")
            #expect(answer.json["hint"]?.string?.isEmpty == false, "\(path)")
        }
        #expect(services.now.asked.isEmpty)
    }

    @Test("Hosts are told with their limits and until when nothing goes out to them")
    func hosts() async throws {
        let until = Date(timeIntervalSince1970: 1_700_000_000)
        let services = services {
            $0.hosts = [
                HostStanding(
                    origin: "https://api.github.com:443", state: .limited, until: until, limit: 5000, remaining: 0,
                    resets: until, requests: 5000),
                HostStanding(origin: "https://gitlab.example.org:443", state: .open, requests: 3),
            ]
        }
        let hosts = try await ask(services, "/api/v1/hosts").json["items"]?.array
        #expect(hosts?.map { $0["state"]?.string } == ["limited", "open"])
        #expect(hosts?.first?["until"] == "2023-11-14T22:13:20.000Z")
        #expect(hosts?.first?["remaining"] == 0)
        #expect(hosts?.last?["limit"] == .null)
    }

    @Test("What a doctor finds is told with what mends it")
    func doctor() async throws {
        let services = services {
            $0.findings = [
                .ok("state-store.schema", "the schema is this version's"),
                .failed("forge.account", of: "Forge/host", "it does not know us", fix: "a new token"),
            ]
        }
        let found = try await ask(services, "/api/v1/doctor").json
        #expect(found["healthy"] == false)
        #expect(found["items"]?.array?.first?["subject"] == .null)
        let failure: JSONValue = [
            "check": "forge.account", "subject": "Forge/host", "state": "failed", "found": "it does not know us",
            "fix": "a new token",
        ]
        #expect(found["items"]?.array?.last == failure)
    }

    @Test("Events of one object or of all")
    func events() async throws {
        let services = services { $0.events = [Given.event(2)] }
        let all = try await ask(services, "/api/v1/events").json
        #expect(all["items"]?.array?.first?["reason"] == "Stalled")
        let none = try await ask(services, "/api/v1/events?kind=Registry&name=sea").json
        #expect(none["items"] == [])
    }

    @Test("A notification is a hint about one project and nothing else")
    func hook() async throws {
        let services = services()
        let reply = try await ask(services, "/hooks/local", method: "POST", body: #"{"project": "land", "ref": "x"}"#)
        #expect(reply.status == 202)
        #expect(services.now.hints == [#"{"project":"land"}"#])
        let byPath = self.services()
        #expect(
            try await ask(byPath, "/hooks/local", method: "POST", body: #"{"repository": "/srv/a.git"}"#).status == 202)
        #expect(byPath.now.hints == [#"{"repository":"/srv/a.git"}"#])
        let both = #"{"project": "land", "repository": "/srv/a.git"}"#
        #expect(try await ask(byPath, "/hooks/local", method: "POST", body: both).status == 400)
        let long = #"{"project": "\#(String(repeating: "x", count: 256))"}"#
        for body in ["", "{", "[]", #"{"project": 1}"#, #"{"project": ""}"#, #"{"project": "a\u0000"}"#, long] {
            #expect(try await ask(services, "/hooks/local", method: "POST", body: body).status == 400)
        }
        let large = try await ask(services, "/hooks/local", method: "POST", body: String(repeating: "x", count: 5000))
        #expect(large.status == 413)
        #expect(services.now.hints.count == 1)
        _ = try await ask(services, "/hooks/local", method: "POST", body: #"{"project": "land"}"#)
        #expect(services.now.hints.count == 2, "each push says the same, and is new")
    }

    @Test("Health says what is wrong, and life is only that it answers")
    func health() async throws {
        #expect(try await ask(services(), "/livez").status == 200)
        #expect(try await ask(services { $0.checks = [ReadinessCheck("state-store")] }, "/readyz").status == 200)
        let broken = services { $0.checks = [ReadinessCheck("state-store", problem: "cannot be reached")] }
        let reply = try await ask(broken, "/readyz")
        #expect(reply.status == 503)
        #expect(reply.json["checks"] == [["name": "state-store", "problem": "cannot be reached", "detail": nil]])
    }

    @Test("Errors mean what their kind says, with the wait that was asked for")
    func kinds() async throws {
        for (kind, status) in [(SluiceError.Kind.transient, 503), (.conflict, 409), (.stalled, 500)] {
            let services = services { $0.failure = SluiceError("a.b", kind, "no", retryAfter: .seconds(9)) }
            let reply = try await ask(services, "/api/v1/runs")
            #expect(reply.status == status)
            #expect(reply["Retry-After"] == "9")
        }
    }
}
