import ControlAPI
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import StateStore
import TestSupport
import Testing

@Suite struct MechanicsTests {
    @Test("An answer that has not changed is not sent again")
    func entityTags() async throws {
        let services = FakeServices(FakeServices.World(runs: [Given.run(1)]))
        let first = try await ask(services, "/api/v1/runs/1")
        let tag = try #require(first["ETag"])
        for header in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
            let again = try await ask(services, "/api/v1/runs/1", headers: ["If-None-Match": header])
            #expect(again.status == 304)
            #expect(again.text == "")
            #expect(again["ETag"] == tag)
        }
        #expect(try await ask(services, "/api/v1/runs/1", headers: ["If-None-Match": "\"other\""]).status == 200)
        let changed = FakeServices(FakeServices.World(runs: [Given.run(1, .running)]))
        #expect(try await ask(changed, "/api/v1/runs/1")["ETag"] != tag)
    }

    @Test("HEAD is answered like GET, without the body")
    func head() async throws {
        let reply = try await ask(FakeServices(), "/versions/candidates", method: "HEAD")
        #expect(reply.status == 200)
        #expect(reply.text == "")
        #expect(reply["ETag"] != nil)
    }

    @Test("Another method is told which there are")
    func methods() async throws {
        let reply = try await ask(FakeServices(), "/versions/candidates", method: "POST", body: "{}")
        #expect(reply.status == 405)
        #expect(reply["Allow"] == "GET")
        #expect(try await ask(FakeServices(), "/hooks/local")["Allow"] == "POST")
    }

    @Test("A real server answers on a real connection, and takes no more of a body than it may")
    func live() async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let api = ControlAPI(
            configuration: try ControlAPIConfiguration(port: 0), services: FakeServices().all, logger: logger)
        try await api.server().test(.live) { client in
            let life = try await client.execute(uri: "/livez", method: .get)
            #expect(life.status.code == 200)
            #expect(String(buffer: life.body) == #"{"status":"alive"}"#)
            let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 20)
            let large = try await client.execute(uri: "/hooks/local", method: .post, body: body)
            #expect(large.status.code == 413)
        }
    }

    @Test("An id of the caller's is used when it can stand in a log, and replaced when it cannot")
    func requestIDs() async throws {
        let given = try await ask(FakeServices(), "/livez", headers: ["X-Request-Id": "abc-1"])
        #expect(given["X-Request-Id"] == "abc-1")
        for id in ["a b", "a\"b", String(repeating: "x", count: 129)] {
            let reply = try await ask(FakeServices(), "/livez", headers: ["X-Request-Id": id])
            #expect(reply["X-Request-Id"]?.isEmpty == false)
            #expect(reply["X-Request-Id"] != id)
        }
    }

    @Test("No target, however broken, is an error of the server")
    func noise() async throws {
        var random = SeededGenerator(seed: 1)
        let pieces = [
            "/", "versions", "candidates", "tables", "api", "v1", "runs", "resources", "Registry", "reconcile", "%",
            "%2",
            "%2F", "%00", "%ff", "..", "?", "&", "=", "limit", "-1", "#", "+", "ї", "\"", "{id}", "*", "🙂", "\\", ";",
        ]
        for _ in 0..<500 {
            let count = Int.random(in: 0...12, using: &random)
            let target = "/" + (0..<count).compactMap { _ in pieces.randomElement(using: &random) }.joined()
            let method = Bool.random(using: &random) ? "GET" : "POST"
            let reply = try await ask(FakeServices(), target, method: method)
            #expect(reply.status < 500, "\(method) \(target)")
        }
    }
}
