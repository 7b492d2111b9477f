import DesiredState
import ForgeDoubles
import Foundation
import NIOHTTP1
import Testing

@Suite("What doubles say of tokens")
struct TokenTests {
    /// 2026-03-12 09:40:11 UTC, ten days after the doubles' now.
    private static let end = Date(timeIntervalSince1970: 1_773_308_411)

    private static func give(_ world: DoubleWorld, scopes: [String]? = nil, end: Date? = nil) async throws {
        try await world.double.administer { server in
            try await server.addToken(
                "ada-token", for: try await server.addAccount("ada"), name: "ci", scopes: scopes, end: end)
        }
    }

    @Test("GitLab tells of the token that it is asked with, from 15.5 on")
    func gitLab() async throws {
        let path = "/api/v4/personal_access_tokens/self"
        try await DoubleWorld.with(.gitlab) { world in
            try await Self.give(world, scopes: ["read_api"], end: Self.end)
            let token = try await world.ask("GET", path).json
            #expect(token["name"] == "ci" && token["scopes"] == ["read_api"] && token["expires_at"] == "2026-03-12")
            #expect(token["active"] == true && token["revoked"] == false)
            let status = try await world.ask("GET", path, as: nil).status
            #expect(status == 401)
        }
        try await DoubleWorld.with(.gitlab, gitLabVersion: "15.4.0") { world in
            let status = try await world.ask("GET", path).status
            #expect(status == 404)
        }
    }

    @Test("GitHub tells scopes and end in fields of its answers, and nothing of a token that has neither")
    func gitHub() async throws {
        try await DoubleWorld.with(.github) { world in
            var headers = try await world.ask("GET", "/user").headers
            #expect(!headers.contains(name: "X-OAuth-Scopes"))
            #expect(!headers.contains(name: "GitHub-Authentication-Token-Expiration"))
            try await Self.give(world, scopes: ["repo", "read:org"], end: Self.end)
            headers = try await world.ask("GET", "/user").headers
            #expect(headers.first(name: "X-OAuth-Scopes") == "repo, read:org")
            #expect(headers.first(name: "GitHub-Authentication-Token-Expiration") == "2026-03-12 09:40:11 UTC")
        }
    }

    @Test("A token that has ended opens nothing, and GitLab's ends as its day begins", arguments: ForgeType.allCases)
    func ended(_ type: ForgeType) async throws {
        let paths: [ForgeType: String] = [
            .gerrit: "/a/accounts/self", .gitlab: "/api/v4/user", .github: "/user", .gitee: "/api/v5/user",
        ]
        try await DoubleWorld.with(type) { world in
            func status(endingIn seconds: TimeInterval) async throws -> Int {
                let now = Date(timeIntervalSince1970: 1_772_444_411)
                try await Self.give(world, end: now.addingTimeInterval(seconds))
                return try await world.ask("GET", paths[type] ?? "").status
            }
            let statuses = (
                try await status(endingIn: -1), try await status(endingIn: 60), try await status(endingIn: 86_400)
            )
            #expect(statuses == (401, type == .gitlab ? 401 : 200, 200))
        }
    }
}
