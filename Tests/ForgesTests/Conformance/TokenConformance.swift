import Diagnostics
import ForgeDoubles
import Forges
import Foundation
import Testing

@Suite("Every forge: what our token is")
struct TokenConformance {
    /// Gives our account the token that we come with anew.
    private static func token(
        _ stage: Stage, name: String? = nil, scopes: [String]? = nil, end: Date? = nil
    ) async throws {
        try await stage.double.administer { world in
            try await world.addToken(
                Stage.token, for: try await world.addAccount(Stage.login), name: name, scopes: scopes, end: end)
        }
    }

    private static let day: TimeInterval = 86_400

    @Test(arguments: [Host.gitlab, .github]) func `scopes and end are those that the host gives`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            let end = stage.clock.date.addingTimeInterval(30 * Self.day)
            try await Self.token(stage, name: "ci", scopes: [host == .github ? "repo" : "api", "x:y"], end: end)
            let token = try #require(try await stage.forge.token())
            #expect(token.scopes == [host == .github ? "repo" : "api", "x:y"])
            #expect(token.name == (host == .github ? nil : "ci"))
            #expect(token.isActive)
            #expect(token.missing == [:])
            guard case .at(let told) = token.end else {
                Issue.record("\(token.end)")
                return
            }
            // GitLab's end as their day begins.
            let early = end.timeIntervalSince(told)
            #expect(host == .github ? early == 0 : early >= 0 && early < Self.day)
        }
    }

    @Test(arguments: [Host.gitlab, .github]) func `a scope that is missing is told with what takes it`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            try await Self.token(stage, scopes: [host == .github ? "gist" : "read_api"])
            let token = try #require(try await stage.forge.token())
            let word = host == .github ? "repo" : "api"
            #expect(token.missing[.verdicts] == word && token.missing[.write] == word)
            #expect(token.missing[.read] == (host == .github ? nil : "read_repository"))
        }
    }

    @Test(arguments: [Host.local, .gerrit, .oldGitLab, .githubApp, .gitee, .github])
    func `where nothing is said of a token, nothing is told`(_ host: Host) async throws {
        try await Stage.with(host) { stage in
            // GitHub: one with permissions in the place of scopes, and without an end.
            let token = try await stage.forge.token()
            #expect(token == nil)
        }
    }

    @Test func `the end of a token with permissions in the place of scopes is told`() async throws {
        try await Stage.with(.github) { stage in
            let end = stage.clock.date.addingTimeInterval(3 * Self.day)
            try await Self.token(stage, end: end)
            let token = try await stage.forge.token()
            #expect(token?.scopes == nil && token?.missing == [:])
            #expect(token?.end == .at(end))
        }
    }

    @Test(arguments: Host.remote) func `a token that has ended is not accepted, and GitLab says why`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            let ours = try await stage.double.administer {
                try await $0.addAccount(Stage.login, isApp: host == .githubApp)
            }
            let end = stage.clock.date.addingTimeInterval(-60)
            try await stage.double.administer { try await $0.addToken(Stage.token, for: ours, end: end) }
            let error = await #expect(throws: SluiceError.self) { try await stage.forge.account() }
            #expect(error?.code == "forge.access-denied")
            #expect(error?.message.hasSuffix("the token has expired") == (host.type == .gitlab))
        }
    }

    @Test func `F-05: a page in the place of a token is an error, not a token without an end`() async throws {
        try await Stage.with(.gitlab) { stage in
            _ = try await stage.forge.account()
            try stage.double.faults.add(Fault(.html, on: "*/personal_access_tokens/self"))
            let error = await #expect(throws: SluiceError.self) { try await stage.forge.token() }
            #expect(error?.code == "forge.answer-malformed")
        }
    }
}
