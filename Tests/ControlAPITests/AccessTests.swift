import AccessControl
import DesiredState
import Diagnostics
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

    @Test("Without a token, a web page of elsewhere is not let in")
    func origin() async throws {
        let services = FakeServices()
        for origin in ["https://evil.example", "null", "http://localhost.evil.example", "file://localhost"] {
            let reply = try await ask(services, "/api/v1/runs", headers: ["Origin": origin])
            #expect(reply.status == 403)
            #expect(reply.json["code"] == "api.foreign-origin")
        }
        for origin in ["http://localhost:8080", "http://127.0.0.1", "http://[::1]:8080"] {
            #expect(try await ask(services, "/api/v1/runs", headers: ["Origin": origin]).status == 200)
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
