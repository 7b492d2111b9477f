import DesiredState
import Foundation
import Testing

@testable import ControlAPI
@testable import StateStore

@Suite("Upstreams over REST")
struct UpstreamRoutesTests {
    private static let commit = String(repeating: "a", count: 40)

    private static func services() -> FakeServices {
        let time = Date(timeIntervalSince1970: 1_770_000_000)
        var world = FakeServices.World()
        let key = ResourceKey(kind: "Upstream", name: "tool")
        world.resources = [
            StoredResource(
                key: key, owner: nil, metadata: [:], spec: [:], generation: 1, observedGeneration: 1, status: [:],
                conditions: [], waiting: nil, nextLook: nil, lastHandled: nil, suspended: false,
                deletionRequestedAt: nil, createdAt: time, updatedAt: time)
        ]
        world.orders = [
            Order(
                id: 3, key: key, verb: "reopen", arguments: [:], actor: "ada", givenAt: time, outcome: .refused,
                answer: "nothing was refused", answeredAt: time)
        ]
        return FakeServices(world)
    }

    @Test("What people ask of upstreams reaches the desk with who asks, and the answer names the pass and the order")
    func asked() async throws {
        let services = Self.services()
        for (method, path, body, pass) in [
            ("POST", "", ["name": "more", "actor": "ada", "spec": [:]], 9),
            ("POST", "/tool/move-cursor", ["actor": "ada", "commit": .string(Self.commit)], 10),
            ("POST", "/tool/reopen", ["actor": "ada"], 10),
            ("POST", "/tool/ignore", ["actor": "ada", "paths": ["docs"]], 11),
            ("DELETE", "/tool?actor=ada", .null, 12),
        ] as [(String, String, JSONValue, Int)] {
            let answer = try await ask(
                services, "/api/v1/upstreams\(path)", method: method, body: body == .null ? nil : body.canonicalText)
            #expect(answer.status == 202, "\(path)")
            #expect(answer.json["pass"]?.integer == pass, "\(path)")
        }
        #expect(services.now.asked.allSatisfy { $0.hasSuffix("ada") } && services.now.asked.count == 5)
        #expect(services.now.asked[1] == #"tool move-cursor {"commit":"\#(Self.commit)"} ada"#)
    }

    @Test("What is not understood, or asked of an upstream that is not there, is refused with what to send")
    func refused() async throws {
        let services = Self.services()
        for (path, body, status, code) in [
            ("/tool/move-cursor", ["actor": "ada", "commit": "main"], 400, "upstream.malformed"),
            ("/tool/move-cursor", ["commit": .string(Self.commit)], 400, "upstream.malformed"),
            ("/tool/ignore", ["actor": "ada"], 400, "upstream.malformed"),
            ("/tool/ignore", ["actor": "ada", "paths": [1]], 400, "upstream.malformed"),
            ("/tool/dance", ["actor": "ada"], 404, "upstream.unknown-command"),
            ("/other/reopen", ["actor": "ada"], 404, "upstream.unknown"),
        ] as [(String, JSONValue, Int, String)] {
            let answer = try await ask(
                services, "/api/v1/upstreams\(path)", method: "POST", body: body.canonicalText)
            #expect(answer.status == status && answer.json["code"]?.string == code, "\(path)")
        }
        #expect(services.now.asked.isEmpty)
    }

    @Test("Orders are listed with their answers")
    func orders() async throws {
        let answer = try await ask(Self.services(), "/api/v1/upstreams/tool/orders")
        let order = try #require(answer.json["items"]?.array?.first)
        #expect(order["outcome"] == "refused" && order["answer"] == "nothing was refused" && order["actor"] == "ada")
    }
}
