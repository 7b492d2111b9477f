import DesiredState
import Diagnostics
import Foundation
import StateStore
import TestSupport
import Testing
import Webhooks

@testable import ControlAPI

private func world() -> FakeServices { FakeServices(FakeServices.World(sources: SignedWebhook.sources)) }

private func send(
    _ services: FakeServices, _ path: String, _ body: String, _ headers: [String: String]
) async throws -> Reply {
    try await ask(services, path, method: "POST", headers: headers, body: body, token: "0123456789abcdef0123")
}

@Suite("Webhooks over HTTP")
struct WebhookTests {
    private let body = #"{"ref":"refs/heads/master"}"#

    @Test(
        "A genuine webhook is kept and accepted without the interface's token; the same again is not kept again",
        arguments: WebhookScheme.allCases)
    func accepted(scheme: WebhookScheme) async throws {
        let services = world()
        let headers = SignedWebhook.headers(scheme, body)
        let first = try await send(services, "/hooks/\(scheme.rawValue)", body, headers)
        #expect(first.status == 202, "\(first.text)")
        #expect(first.json == ["delivery": 1, "repeat": false, "outcome": "waiting"])
        let again = try await send(services, "/hooks/\(scheme.rawValue)", body, headers)
        #expect(again.status == 200)
        #expect(again.json["delivery"] == 1)
        #expect(services.now.kept.map(\.source) == [scheme.rawValue])
    }

    @Test("B-05 Whatever is wrong, and whoever is meant, the answer is the same")
    func refusals() async throws {
        var right = SignedWebhook.headers(.github, body)
        let wrong = SignedWebhook.headers(.github, "other")
        right["X-Hub-Signature-256"] = nil
        let services = world()
        var answers: Set<String> = []
        for (path, headers) in [
            ("/hooks/github", wrong), ("/hooks/github", right), ("/hooks/nobody", wrong), ("/hooks/nobody", right),
            ("/hooks/gitlab", wrong), ("/hooks/gitee", wrong), ("/hooks/gerrit", wrong), ("/hooks/gerrit/wrong", wrong),
            ("/hooks/%2e%2e", wrong), ("/hooks/github/\(SignedWebhook.secret)", right),
        ] {
            let reply = try await send(services, path.replacing(" ", with: "%20"), body, headers)
            #expect(reply.status == 401, "\(path)")
            var answer = try #require(reply.json.object)
            answer["requestId"] = nil
            answer["instance"] = nil
            answers.insert(JSONValue.object(answer).canonicalText + "\(reply.headers.count)")
        }
        #expect(answers.count == 1)
        #expect(services.now.kept.isEmpty)
    }

    @Test("B-09 No answer repeats the token that an address carries")
    func token() async throws {
        let reply = try await send(world(), "/hooks/gerrit/canary-4711", body, ["Content-Type": "application/json"])
        #expect(reply.status == 401)
        #expect(!reply.text.contains("canary-4711"))
        #expect(reply.json["instance"] == "/hooks/gerrit")
        let secret = SignedWebhook.secret.replacing(" ", with: "%20")
        let right = try await send(world(), "/hooks/gerrit/\(secret)", body, ["Content-Type": "application/json"])
        #expect(right.status == 202)
    }

    @Test("B-09 Nothing that is kept holds a secret or a proof")
    func kept() async throws {
        for payload in RecordedPayload.ofForges {
            guard let scheme = payload.scheme else { continue }
            let text = payload.text.replacing("this is secret", with: SignedWebhook.secret)
            let services = world()
            let headers = SignedWebhook.headers(scheme, text)
            #expect(try await send(services, "/hooks/\(scheme.rawValue)", text, headers).status == 202)
            let kept = try #require(services.now.kept.first)
            let all = "\(kept) " + String(decoding: try #require(kept.body), as: UTF8.self)
            for (name, value) in headers where !["Content-Type", "webhook-id", "webhook-timestamp"].contains(name) {
                #expect(!all.contains(value), "\(payload): \(name)")
            }
            #expect(!all.contains(SignedWebhook.secret))
        }
    }

    @Test(
        "B-05 What is not plain JSON by its headers is not looked at",
        arguments: [
            ["Content-Type": "text/plain"], ["Content-Type": "application/x-www-form-urlencoded"], [:],
            ["Content-Type": "application/jsonx"], ["Content-Type": "multipart/form-data; boundary=application/json"],
            ["Content-Type": "application/json", "Content-Encoding": "gzip"],
            ["Content-Type": "application/json", "Content-Encoding": "br"],
            ["Content-Type": "application/json", "Content-Encoding": "identity, gzip"],
        ])
    func mediaTypes(headers: [String: String]) async throws {
        let services = world()
        let signed = SignedWebhook.headers(.github, body).filter { $0.key != "Content-Type" }
        let reply = try await send(services, "/hooks/github", body, signed.merging(headers) { $1 })
        #expect(reply.status == 415)
        #expect(services.now.kept.isEmpty)
    }

    @Test("B-05 A gzip bomb is never unpacked: signed or not, it is a body of unknown words")
    func gzip() async throws {
        let bomb = String(repeating: "\u{1F}\u{8}\u{0}", count: 20_000)
        let services = world()
        #expect(try await send(services, "/hooks/github", bomb, SignedWebhook.headers(.github, bomb)).status == 202)
        #expect(services.now.kept.map(\.size) == [bomb.utf8.count])
    }

    @Test("A ping is answered and not kept; an unsigned one is refused")
    func ping() async throws {
        let services = world()
        let headers = SignedWebhook.headers(.github, body).merging(["X-GitHub-Event": "ping"]) { $1 }
        #expect(try await send(services, "/hooks/github", body, headers).json == ["status": "pong"])
        #expect(try await send(services, "/hooks/github", "{}", headers).status == 401)
        #expect(services.now.kept.isEmpty)
    }

    @Test("B-05 A body that is genuine is kept whatever it is: it is read later, where it can do no harm")
    func anyBody() async throws {
        for body in ["null", "[]", "1", "", "{", "\u{0}", #""x""#] {
            let services = world()
            #expect(try await send(services, "/hooks/github", body, SignedWebhook.headers(.github, body)).status == 202)
            #expect(services.now.kept.count == 1)
        }
    }

    @Test("B-05 A body of more than a mebibyte is refused, one of just that is taken")
    func size() async throws {
        let full = "\"" + String(repeating: "x", count: WebhookRoutes.bodyLimit - 2) + "\""
        #expect(try await send(world(), "/hooks/github", full, SignedWebhook.headers(.github, full)).status == 202)
        let reply = try await send(world(), "/hooks/github", full + " ", SignedWebhook.headers(.github, full + " "))
        #expect(reply.status == 413)
        #expect(reply["Connection"] == "close")
    }

    @Test(
        "B-05 No mutation of a recorded payload is an error of ours, genuine or not",
        arguments: RecordedPayload.ofForges)
    func mutations(payload: RecordedPayload) async throws {
        guard let scheme = payload.scheme else { return }
        let services = world()
        let path = "/hooks/\(scheme.rawValue)"
        for (number, mutant) in try PayloadMutation.all(of: payload.text).enumerated() where number % 7 == 0 {
            let headers = SignedWebhook.headers(scheme, mutant.text, id: "msg_\(number)")
            let genuine = try await send(services, path, mutant.text, headers)
            #expect([200, 202].contains(genuine.status), "\(mutant.name): \(genuine.text)")
            let forged = try await send(services, path, mutant.text, ["Content-Type": "application/json"])
            #expect(forged.status == 401, "\(mutant.name)")
        }
    }

    @Test("More than is taken of one source is told to come again, and other sources are not concerned")
    func rate() async throws {
        let services = world()
        let receiver = services.receiver(.init(rate: 1, burst: 2))
        func receive(_ scheme: WebhookScheme, _ body: String) async throws {
            let headers = SignedWebhook.headers(scheme, body).map { (name: $0.key, value: $0.value) }
            _ = try await receiver.receive(
                WebhookDelivery(headers: headers, body: Array(body.utf8)), from: scheme.rawValue)
        }
        for body in ["1", "2"] { try await receive(.github, body) }
        let failure = await #expect(throws: CallFailure.self) { try await receive(.github, "3") }
        #expect(failure?.status == .tooManyRequests)
        #expect(failure?.headers.contains { $0.name == "Retry-After" } == true)
        try await receive(.gerrit, "1")
        // Whoever is not believed takes nothing from those who are.
        for _ in 0..<10 {
            await #expect(throws: CallFailure.self) {
                _ = try await receiver.receive(WebhookDelivery(headers: [], body: []), from: "gitee")
            }
        }
        try await receive(.gitee, "1")
        #expect(services.now.kept.count == 4)
    }

    @Test("When nothing can be kept, nothing is accepted")
    func inboxFailure() async throws {
        let services = FakeServices(
            FakeServices.World(
                failure: SluiceError("postgres.connect", .transient, "no"), sources: SignedWebhook.sources))
        #expect(try await send(services, "/hooks/github", body, SignedWebhook.headers(.github, body)).status == 503)
    }

    @Test("Deliveries can be listed, read and had handled again")
    func deliveries() async throws {
        let services = FakeServices(
            FakeServices.World(deliveries: [Given.delivery(2), Given.delivery(1, .ignored, hasBody: false)]))
        let list = try await ask(services, "/api/v1/deliveries?outcome=queued,waiting&source=gitlab")
        #expect(list.json["items"]?.array?.compactMap { $0["id"]?.integer } == [2])
        #expect(try await ask(services, "/api/v1/deliveries?outcome=lost").status == 400)
        #expect(try await ask(services, "/api/v1/deliveries/2").json["hint"] == ["project": "registries/land"])
        #expect(try await ask(services, "/api/v1/deliveries/7").status == 404)
        #expect(try await ask(services, "/api/v1/deliveries/2/redeliver", method: "POST").status == 202)
        let lost = try await ask(services, "/api/v1/deliveries/1/redeliver", method: "POST")
        #expect(lost.status == 409)
        #expect(lost.json["code"] == "delivery.nothing-left")
    }
}
