import DesiredState
import Foundation
import Testing

@testable import ControlAPI
@testable import StateStore

@Suite("History for other programs")
struct HistoryRoutesTests {
    private func services(_ change: (inout FakeServices.World) -> Void) -> FakeServices {
        var world = FakeServices.World()
        change(&world)
        return FakeServices(world)
    }

    @Test("Tasks of all runs are listed, one line each as NDJSON, with where to go on in a header")
    func lines() async throws {
        let services = services { $0.tasks = (1...3).map { Given.task($0, run: $0) } }
        let reply = try await ask(services, "/api/v1/tasks?limit=2", headers: ["Accept": "application/x-ndjson"])
        #expect(reply.status == 200 && reply["Content-Type"] == "application/x-ndjson")
        let lines = reply.text.split(separator: "\n")
        #expect(try lines.map { try JSONValue(parsing: String($0))["id"] } == [1, 2])
        #expect(reply["Sluice-Next-Cursor"] == "before-2")
        #expect(reply["Vary"] == "Accept")
    }

    @Test("As CSV a list has a row of names, quoted cells, and no text that a spreadsheet takes for a formula")
    func table() async throws {
        let services = services {
            $0.tasks = [Given.task(1, run: 7, target: "=1+1"), Given.task(2, run: 7, target: "a \"b\", c")]
        }
        let reply = try await ask(services, "/api/v1/runs/7/tasks", headers: ["Accept": "text/csv; q=0.9, */*"])
        #expect(reply["Content-Type"] == "text/csv; charset=utf-8; header=present")
        let rows = reply.text.split(separator: "\r\n")
        #expect(rows.first?.hasPrefix("id,run,kind,name,revision,position,action,target") == true)
        #expect(rows[1].contains(",clone-database,'=1+1,1,succeeded,"))
        #expect(rows[2].contains(",clone-database,\"a \"\"b\"\", c\",1,succeeded,"))
    }

    @Test(
        "No cell ends before its text does, whatever marks stand beside its quotes",
        arguments: [
            ("fix \u{0D4E}\",=HYPERLINK(1)", "\"fix \u{0D4E}\"\",=HYPERLINK(1)\""),
            ("\"\u{301},=1", "\"\"\"\u{301},=1\""), ("a,\u{301}b", "\"a,\u{301}b\""), ("=\u{301}1", "'=\u{301}1"),
            ("a\r\nb\"", "\"a\r\nb\"\"\""),
        ])
    func cells(_ text: String, _ expected: String) {
        let table = CommaSeparated.text(["name"], [[.string(text)]])
        #expect(table.utf8.elementsEqual("name\r\n\(expected)\r\n".utf8))
    }

    @Test("A type that a list cannot have is refused, with those it can", arguments: ["image/png", "application/yaml"])
    func otherTypes(_ type: String) async throws {
        let reply = try await ask(services { _ in }, "/api/v1/runs", headers: ["Accept": type])
        #expect(reply.status == 406 && reply.json["code"] == "api.not-acceptable")
        #expect(reply.json["hint"]?.string?.contains("text/csv") == true)
    }

    @Test("A timeline has a lane for each target and a bar for each task that was begun")
    func timeline() async throws {
        let services = services {
            $0.runs = [Given.run(1)]
            $0.tasks = [
                Given.task(1, run: 1, target: "a"), Given.task(2, run: 1, target: "b"),
                Given.task(3, run: 1, target: "a"),
            ]
        }
        let lanes = try await ask(services, "/api/v1/runs/1/timeline").json["lanes"]?.array ?? []
        #expect(lanes.map { $0["target"] } == ["a", "b"])
        #expect(lanes.map { $0["bars"]?.array?.map { $0["task"] } } == [[1, 3], [2]])
        #expect(try await ask(services, "/api/v1/runs/1/definition").json == ["spec": ["a": 1]])
        #expect(try await ask(services, "/api/v1/runs/9/timeline").status == 404)
    }

    @Test("Old runs are shown before they are forgotten, and only with an age")
    func retention() async throws {
        let services = services { $0.runs = (1...5).map { Given.run($0) } }
        let query = "?olderThan=90d&keep=2"
        #expect(try await ask(services, "/api/v1/history/forgettable\(query)").json["runs"] == 3)
        #expect(services.now.runs.count == 5)
        let reply = try await ask(services, "/api/v1/history/forget\(query)", method: "POST")
        #expect(reply.json == ["runs": 3, "again": false])
        #expect(services.now.runs.count == 2)
        for wrong in ["", "?olderThan=old", "?olderThan=1d&keep=0"] {
            #expect(try await ask(services, "/api/v1/history/forget\(wrong)", method: "POST").status == 400)
        }
    }

    @Test(
        "Clients of Fuel find a run's tasks under all of their paths, in their words",
        arguments: [
            "/api/transactions/1/deployment_history", "/api/v1/transactions/1/deployment_history/",
            "/api/tasks/1/deployment_tasks",
        ])
    func transactions(_ path: String) async throws {
        let services = services {
            $0.runs = [Given.run(1)]
            $0.tasks = [
                Given.task(1, run: 1, .succeeded, target: "a"), Given.task(2, run: 1, .failed, target: "b"),
                Given.task(3, run: 1, .lost, target: "b"), Given.task(4, run: 1, .pending, target: "a"),
            ]
        }
        func statuses(_ query: String) async throws -> [JSONValue?] {
            try await ask(services, path + query).json.array?.map { $0["status"] } ?? []
        }
        #expect(try await statuses("") == ["ready", "error", "error", "pending"])
        #expect(try await statuses("?statuses=error,ready&nodes=b") == ["error", "error"])
        #expect(try await statuses("?tasks_names=other") == [])
        #expect(try await statuses("?statuses=&nodes=") == ["ready", "error", "error", "pending"])
        let first = try await ask(services, path + "?include_summary=1").json.array?.first
        #expect(first?["task_name"] == "clone-database" && first?["node_id"] == "a" && first?["summary"] == [:])
        let start = try #require(first?["time_start"]?.string)
        #expect(start.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}/) != nil, "\(start)")
        let table = try await ask(services, path, headers: ["Accept": "text/csv"]).text
        #expect(
            table.hasPrefix("task_name,node_id,status,type,time_start,time_end\r\nclone-database,a,ready,candidate,"))
    }

    @Test("Mistakes of Fuel's clients are answered in its form")
    func transactionMistakes() async throws {
        let path = "/api/transactions/1/deployment_history"
        let known = services { $0.runs = [Given.run(1)] }
        let missing = try await ask(services { _ in }, path)
        #expect(missing.status == 404 && missing.json["message"] == "Transaction not found")
        let wrong = try await ask(known, path + "?statuses=done")
        #expect(wrong.status == 400)
        #expect(
            wrong.json["message"] == "Statuses parameter could be only: pending, ready, running, error, skipped")
        #expect(try await ask(known, path, headers: ["Accept": "image/png"]).status == 415)
        #expect(try await ask(known, path, method: "POST").status == 405)
    }
}
