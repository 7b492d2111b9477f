import DesiredState
import ForgeDoubles
import NIOHTTP1
import Testing

@Suite("Faults on demand")
struct FaultTests {
    @Test("A fault harms as many requests as it says, after those that it lets pass, and no others")
    func counted() async throws {
        try await DoubleWorld.with(.gitlab) { world in
            let path = "/api/v4/projects/land%2Fregistry"
            world.double.faults.set([
                Fault(.status, on: "/api/v4/projects/*", skip: 1, times: 2, status: 429, retryAfter: 7)
            ])
            var answers: [DoubleWorld.Answer] = []
            for _ in 0..<4 { answers.append(try await world.ask("GET", path)) }
            #expect(answers.map(\.status) == [200, 429, 429, 200])
            #expect(answers[1].headers.first(name: "Retry-After") == "7")
            #expect(answers[1].text == "Retry later\n")
        }
    }

    @Test("A broken connection, a cut body and a lost answer are failures; a lost answer's work is done")
    func broken() async throws {
        try await DoubleWorld.with(.github) { world in
            try await world.begin()
            for effect in [Fault.Effect.connectionClosed, .truncatedBody, .answerLost] {
                world.double.faults.set([Fault(effect, on: "*/issues")])
                await #expect(throws: (any Error).self) {
                    try await world.ask("POST", "/repos/land/registry/issues", ["title": .string(effect.rawValue)])
                }
            }
            let issues = try await world.double.administer { try await $0.issueRecords(in: DoubleWorld.project) }
            #expect(issues.map(\.title) == ["truncatedBody", "answerLost"])
        }
    }

    @Test("Instead of JSON comes a page for people, half a document, or an empty list that looks true")
    func content() async throws {
        try await DoubleWorld.with(.gitee) { world in
            let path = "/api/v5/repos/land/registry/pulls"
            world.double.faults.set([Fault(.html), Fault(.truncatedJSON), Fault(.emptyList)])
            let page = try await world.ask("GET", path)
            #expect(page.status == 200 && page.text.hasPrefix("<!DOCTYPE"))
            #expect(try await world.ask("GET", "/api/v5/user").json == .null)
            let empty = try await world.ask("GET", path)
            #expect(empty.json == [] && empty.headers.first(name: "total_count") == "0")
        }
    }

    @Test("Faults are set from this machine over HTTP, and requests are counted there")
    func overHTTP() async throws {
        try await DoubleWorld.with(.gerrit) { world in
            let set = try await world.ask(
                "PUT", "/-/faults", [["effect": "status", "status": 503, "path": "/a/accounts/*"]])
            #expect(set.status == 204)
            #expect(try await world.ask("GET", "/a/accounts/self").status == 503)
            #expect(try await world.ask("GET", "/a/accounts/self").status == 200)
            let requests = try await world.ask("GET", "/-/requests")
            #expect(requests.json.array?.compactMap { $0["status"]?.integer } == [503, 200])
        }
    }
}
