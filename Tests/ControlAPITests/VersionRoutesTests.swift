import ControlAPI
import DesiredState
import Diagnostics
import Testing

@Suite struct VersionRoutesTests {
    private func services(_ change: (inout FakeServices.World) throws -> Void = { _ in }) rethrows -> FakeServices {
        var world = FakeServices.World()
        try change(&world)
        return FakeServices(world)
    }

    @Test("Candidates are listed in the platform's shape")
    func candidates() async throws {
        let services = services { $0.candidates = [Given.candidate("1042"), Given.candidate("1043")] }
        let reply = try await ask(services, "/versions/candidates")
        #expect(reply.status == 200)
        #expect(reply["Content-Type"] == "application/json; charset=utf-8")
        #expect(reply.json.array?.first == ["id": "1042", "name": "Adds visits", "description": nil])
        #expect(reply.json.array?.count == 2)
    }

    @Test("One candidate tells its outcome with the reason, and which revision its database shows")
    func candidate() async throws {
        let services = services {
            $0.candidates = [Given.candidate("1042", .failed, outcome: .failed(reason: "relation does not exist"))]
        }
        let reply = try await ask(services, "/versions/candidates/1042")
        #expect(reply["Sluice-Database-State"] == "failed")
        #expect(reply["Sluice-Revision"] == "bbbb")
        #expect(
            reply.json == [
                "id": "1042", "name": "Adds visits", "description": nil, "author": nil,
                "creationDate": "2026-01-01T00:00:00.250Z", "latestUpdate": nil, "latestRebase": nil,
                "hasConflicts": false, "inspections": nil,
                "validations": [
                    [
                        "name": "Стан розгортання регламенту", "type": "DEPLOYMENT_STATUS", "result": "FAILED",
                        "resultDetails": "relation does not exist",
                    ]
                ],
            ])
    }

    @Test("Master is an empty object until something was merged, and what is not known is left out")
    func master() async throws {
        #expect(try await ask(services(), "/versions/master").text == "{}")
        let merged = services { $0.master = MasterVersion(id: "aaaa", name: "First", outcome: .success) }
        #expect(try await ask(merged, "/versions/master").json["author"] == nil)
        #expect(try await ask(merged, "/versions/master").json["status"] == "SUCCESS")
    }

    @Test("A table is answered as the platform's own tools describe it, every null in its place")
    func table() async throws {
        let services = try services {
            $0.candidates = [Given.candidate("1042")]
            $0.tables = [try Given.table()]
        }
        for path in [
            "/versions/candidates/1042/tables", "/versions/master/tables", "/registries/land/versions/master/tables",
        ] {
            let list = try await ask(services, path)
            #expect(list.json == [["name": "area", "objectReference": true, "description": "Area with a subject"]])
            #expect(list["Sluice-Database-State"] == "ready")
            #expect(try await ask(services, "\(path)/area").text == Given.tableText)
        }
    }

    @Test("A database that is being built has no tables yet, and the headers say why")
    func building() async throws {
        let services = services { $0.candidates = [Given.candidate("1042", .building, shows: nil)] }
        let reply = try await ask(services, "/versions/candidates/1042/tables")
        #expect(reply.status == 200)
        #expect(reply.text == "[]")
        #expect(reply["Sluice-Database-State"] == "building")
        #expect(reply["Sluice-Revision"] == nil)
        #expect(try await ask(services, "/versions/candidates/1042/tables/area").status == 404)
    }

    @Test(
        "What is not there has the platform's code and words",
        arguments: [
            ("/versions/candidates/7", 404, "CHANGE_NOT_FOUND", "Version candidate does not exist."),
            (
                "/versions/candidates/7/tables", 404, "CHANGE_NOT_FOUND",
                "getTables.versionCandidateId: Version candidate does not exist."
            ),
            (
                "/versions/candidates/1042/tables/none", 404, "TABLE_NOT_FOUND_EXCEPTION",
                "Table with name 'none' doesn't exist in version '1042'."
            ),
            (
                "/versions/master/tables/none", 404, "TABLE_NOT_FOUND_EXCEPTION",
                "Table with name 'none' doesn't exist in version 'master'."
            ),
            ("/versions/master/tables/find_v", 400, "Bad Request", "Table cannot be ended with suffix '_v'."),
            ("/registries/sea/versions/master", 404, "REPOSITORY_NOT_FOUND_EXCEPTION", "there is no such registry"),
        ])
    func missing(_ path: String, _ status: Int, _ code: String, _ details: String) async throws {
        let services = services { $0.candidates = [Given.candidate("1042")] }
        let reply = try await ask(services, path, headers: ["X-B3-TraceId": "abc"])
        #expect(reply.status == status)
        #expect(reply.json == ["traceId": "abc", "code": .string(code), "details": .string(details)])
    }

    @Test(
        "Any id that a forge may give can be asked for",
        arguments: [
            ("feature/x", "feature%2Fx"), ("ї'\"; drop", "%D1%97%27%22%3B%20drop"), ("-rf", "-rf"), ("..", "%2E%2E"),
            ("100%", "100%25"), ("a+b", "a+b"),
        ])
    func oddIDs(_ id: String, _ encoded: String) async throws {
        let services = services { $0.candidates = [Given.candidate(id)] }
        let reply = try await ask(services, "/versions/candidates/\(encoded)")
        #expect(reply.json["id"] == .string(id))
    }

    @Test("An id that no forge may give is refused without a body, and never an error of the server")
    func malformedIDs() async throws {
        for id in ["a%00b", "%0A", String(repeating: "x", count: 1025)] {
            let reply = try await ask(services(), "/versions/candidates/\(id)/tables")
            #expect(reply.status == 400)
            #expect(reply.text == "")
        }
        #expect(try await ask(services(), "/versions/master/tables/a%00b").status == 404)
    }

    @Test("A server that cannot be reached is the platform's own error, without its address")
    func unreachable() async throws {
        let services = services {
            $0.failure = SluiceError(
                "postgres.connect-failed", .transient, "the server cannot be reached", detail: "10.0.0.1:5432")
        }
        let reply = try await ask(services, "/versions/master/tables")
        #expect(reply.status == 500)
        #expect(reply.json["code"] == "REGISTRY_DATA_BASE_CONNECTION_ERROR")
        #expect(!reply.text.contains("10.0.0.1"))
    }

    @Test(
        "What somebody has to make first, and what nothing reconciles, is no fault of the server",
        arguments: [
            ("forge.branch-missing", "/versions/candidates", "REPOSITORY_NOT_FOUND_EXCEPTION"),
            ("forge.project-missing", "/versions/candidates", "REPOSITORY_NOT_FOUND_EXCEPTION"),
            ("forge.branch-missing", "/api/v1/runs", "forge.branch-missing"),
            ("resource.unknown-kind", "/api/v1/runs", "resource.unknown-kind"),
            ("registry.reference-missing", "/api/v1/runs", "registry.reference-missing"),
        ])
    func missing(code: String, path: String, answered: String) async throws {
        let services = services { $0.failure = SluiceError(SluiceError.Code(code), .stalled, "it is not there") }
        let reply = try await ask(services, path)
        #expect(reply.status == 404)
        #expect(reply.json["code"]?.string == answered)
    }

    @Test("With several registries the short path is refused, and each has its own")
    func several() async throws {
        let services = services { $0.registries = ["land", "sea"] }
        #expect(try await ask(services, "/versions/candidates").status == 400)
        #expect(try await ask(services, "/registries/sea/versions/candidates").text == "[]")
    }
}
