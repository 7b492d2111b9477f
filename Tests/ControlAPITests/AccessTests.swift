import AccessControl
import DesiredState
import Diagnostics
import Foundation
import HTTPTypes
import Testing

@testable import ControlAPI

@Suite struct AccessTests {
    private static let token = "0123456789abcdef0123456789abcdef"

    @Test("With a token, everything but health needs it, even what does not exist")
    func token() async throws {
        let services = FakeServices()
        for path in [
            "/versions/master", "/api/v1/runs", "/api/v1/openapi.json", "/nothing", "/registries/x/versions/master",
        ] {
            let bare = try await ask(services, path, token: Self.token)
            #expect(bare.status == 401)
            #expect(bare["WWW-Authenticate"] == "Bearer")
            for headers in [
                ["Authorization": "Bearer \(Self.token)x"], ["Authorization": "Basic \(Self.token)"],
                ["Authorization": Self.token], ["X-Access-Token": ""], ["Authorization": "Bearer "],
            ] {
                #expect(try await ask(services, path, headers: headers, token: Self.token).status == 401)
            }
            for headers in [["Authorization": "Bearer \(Self.token)"], ["X-Access-Token": Self.token]] {
                #expect(try await ask(services, path, headers: headers, token: Self.token).status != 401)
            }
        }
        #expect(try await ask(services, "/livez", token: Self.token).status == 200)
        #expect(try await ask(services, "/readyz", token: Self.token).status == 200)
        #expect(try await ask(services, "/hooks/local", method: "POST", token: Self.token).status == 401)
    }

    @Test("Who sends a wrong token is told so, who sends none that one is needed")
    func wrongToken() async throws {
        let services = FakeServices()
        let wrong = try await ask(services, "/api/v1/runs", headers: ["X-Access-Token": "x"], token: Self.token)
        #expect(wrong.json["detail"] == "the access token is wrong")
        #expect(
            try await ask(services, "/api/v1/runs", token: Self.token).json["detail"] == "an access token is needed")
    }

    @Test("Once anybody has said who may do what, nobody is let in without proof again")
    func shared() async throws {
        var world = FakeServices.World()
        world.isShared = true
        #expect(try await ask(FakeServices(world), "/api/v1/runs").status == 401)
        #expect(try await ask(FakeServices(), "/api/v1/runs").status == 200)
    }

    @Test("A refusal names whom the request said that it comes from, and never by what")
    func claimed() async throws {
        let services = FakeServices()
        var generator = SystemRandomNumberGenerator()
        let token = TokenSecret(using: &generator)
        let file = try PasswordFile(
            Secret("anna:\(try PasswordHash.make(of: Secret("other"), salt: "salt", iterations: 1_000))"), from: "users"
        )
        // Tokens and passwords where the name belongs are as much of a habit as the right way round.
        for words in ["anna:secret", "\(token.text.reveal()):", "secret-of-anna:", "secret-of-anna:x", nil] {
            let header =
                words.map { "Basic \(Data($0.utf8).base64EncodedString())" } ?? "Bearer nothing-that-we-made"
            let reply = try await ask(
                services, "/api/v1/runs", headers: ["Authorization": header], token: Self.token
            ) { $0.authentication.passwords = { file } }
            #expect(reply.status == 401)
        }
        let claimed = services.now.audit.map { $0.arguments["claimed"] }
        #expect(claimed.count == 5 && claimed[0] == "anna" && claimed[1] == .string(token.id) && claimed[4] == .null)
        #expect(claimed[2...3].allSatisfy { $0?.string?.wholeMatch(of: /unknown:[0-9a-f]{12}/) != nil })
        for entry in services.now.audit {
            let text = entry.arguments.canonicalText
            #expect(!text.contains("secret") && !text.contains(token.text.reveal()))
        }
    }

    @Test("A body is read of nobody who could do nothing with it")
    func unread() async throws {
        let services = FakeServices()
        let body = String(repeating: "x", count: 100_000)
        for name in ["nobody", nil] {
            let reply = try await ask(services, as: name, "/api/v1/configuration/apply", method: "POST", body: body)
            #expect([401, 403].contains(reply.status), "\(reply.status)")
        }
    }

    @Test("Without a token, a web page of elsewhere is not let in")
    func origin() async throws {
        let services = FakeServices()
        for origin in [
            "https://evil.example", "null", "http://localhost.evil.example", "file://localhost",
            // Another program of this machine, or a page that it serves.
            "http://localhost:3000", "http://127.0.0.1:8888", "http://[::1]",
        ] {
            let reply = try await ask(services, "/api/v1/runs", headers: ["Origin": origin])
            #expect(reply.status == 403)
            #expect(reply.json["code"] == "api.foreign-origin")
        }
        for (authority, origin) in [
            ("localhost:8642", "http://localhost:8642"), ("127.0.0.1:8642", "http://127.0.0.1:8642"),
            ("[::1]:8642", "http://[::1]:8642"),
        ] {
            var head = HTTPRequest(method: .get, scheme: "http", authority: authority, path: "/")
            head.headerFields[.origin] = origin
            let policy = AccessPolicy(
                authenticator: Authenticator(.init()) { Given.time }, isPersonal: true, directory: FakeServices())
            #expect(try await policy.caller(RequestHead(head), at: nil).subject == .local)
        }
    }

    @Test("A password that a browser sends along does not let a web page of elsewhere ask for anything")
    func crossSite() async throws {
        let hash = try PasswordHash.make(of: Secret("secret"), salt: "salt", iterations: 1_000)
        let file = try PasswordFile(Secret("anna:\(hash)"), from: "users")
        func status(_ headers: [String: String], token: Bool = false) async throws -> Int {
            var headers = headers
            headers["Authorization"] = token ? "Bearer \(Self.token)" : "Basic YW5uYTpzZWNyZXQ="
            return try await ask(FakeServices(), "/api/v1/access/whoami", headers: headers, token: Self.token) {
                $0.authentication.passwords = { file }
            }.status
        }
        #expect(try await status([:]) == 200)
        #expect(try await status(["Sec-Fetch-Site": "same-origin"]) == 200)
        for headers in [
            ["Origin": "https://evil.example"], ["Origin": "null"], ["Sec-Fetch-Site": "cross-site"],
            ["Sec-Fetch-Site": "same-site"],
        ] {
            #expect(try await status(headers) == 403)
            // A token is never sent along by itself.
            #expect(try await status(headers, token: true) == 200)
        }
    }

    @Test("Without a token, a name that merely resolves to this machine is not let in")
    func host() async throws {
        func check(_ authority: String?) async throws {
            let head = HTTPRequest(method: .get, scheme: "http", authority: authority, path: "/")
            let policy = AccessPolicy(
                authenticator: Authenticator(.init()) { Given.time }, isPersonal: true, directory: FakeServices())
            #expect(try await policy.caller(RequestHead(head), at: nil).subject == .local)
        }
        for host in [
            "evil.example", "evil.example:8080", "127.0.0.1.evil.example", "[::2]:80", "localhost.", "0.0.0.0",
        ] {
            await #expect(throws: CallFailure.self) { try await check(host) }
        }
        for host in [nil, "localhost", "localhost:8080", "LOCALHOST", "127.0.0.1:1", "[::1]", "[::1]:8080"] {
            try await check(host)
        }
    }

    @Test("Whoever a proxy passes on is not taken for the person at this machine")
    func forwarded() async throws {
        for field in ["X-Forwarded-For", "x-forwarded-proto", "Forwarded", "Via", "X-Real-IP"] {
            let reply = try await ask(FakeServices(), "/api/v1/runs", headers: [field: "192.0.2.1"])
            #expect(reply.status == 403 && reply.json["code"] == "api.foreign-origin", "\(field)")
        }
    }

    @Test("Nobody listens beyond this machine without a token, nor with one that can be guessed")
    func configuration() throws {
        for host in ["127.0.0.1", "localhost", "::1", "127.1.2.3"] {
            #expect(throws: Never.self) { try ControlAPIConfiguration(host: host) }
        }
        for host in ["0.0.0.0", "::", "10.0.0.1", "sluice.example.org", "127.0.0.1.example.org", ""] {
            let error = #expect(throws: SluiceError.self) { try ControlAPIConfiguration(host: host) }
            #expect(error?.code == "api.token-required")
            #expect(throws: Never.self) {
                try ControlAPIConfiguration(host: host, accessToken: Secret(Self.token))
            }
        }
        let error = #expect(throws: SluiceError.self) { try ControlAPIConfiguration(accessToken: Secret("short")) }
        #expect(error?.code == "api.token-too-short")
    }
}
