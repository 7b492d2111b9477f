import Diagnostics
import Foundation
import OutboundHTTP
import Testing

@testable import Forges

@Suite("What a host says of a token")
struct TokenAnswerTests {
    private static let secret = "glpat-c4nary-0123456789"

    private static func answer(_ body: String = "{}", headers: [(String, String)] = []) -> ForgeAnswer {
        ForgeAnswer(
            OutboundResponse(status: 200, headers: OutboundHeaders(headers), body: Array(body.utf8)), forge: "g",
            secrets: [Secret(secret)])
    }

    private static func gitLab(_ body: String) throws -> ForgeToken {
        try GitLabForge.token(answer(body), place: "there")
    }

    private static func gitHub(_ headers: [(String, String)]) -> ForgeToken? {
        GitHubForge.token(answer(headers: headers), address: "https://github.com")
    }

    private static func end(_ text: String) -> ForgeToken.End? {
        gitHub([("X-OAuth-Scopes", "repo"), ("GitHub-Authentication-Token-Expiration", text)])?.end
    }

    /// 2026-12-01 09:15:00 UTC
    private static let december = Date(timeIntervalSince1970: 1_796_116_500)

    @Test(
        "A date is read in the host's forms, and nothing is made of one that makes no sense",
        arguments: [
            ("2026-12-01 09:15:00 UTC", ForgeToken.End.at(december)), ("2026-12-01 10:15:00 +0100", .at(december)),
            ("2026-12-01 01:15:00 -08:00", .at(december)), ("2026-12-01 09:15:00", .untold),
            ("2026-12-01 09:15:00 PST", .untold), ("soon", .untold), ("", .untold),
            ("2026-13-41 99:99:99 UTC", .untold),
            (String(repeating: "9", count: 20_000), .untold), ("2026-12-01 09:15:00 UTC\u{202E}", .untold),
        ])
    func gitHubDates(_ text: String, _ end: ForgeToken.End) { #expect(Self.end(text) == end) }

    @Test(
        "GitLab's tokens end as their day begins, or never",
        arguments: [
            (#""2026-12-01""#, ForgeToken.End.at(december.addingTimeInterval(-33_300))), ("null", .never),
            (#""2026-13-41""#, .untold), (#""tomorrow""#, .untold), (#""""#, .untold), (#""２０２６-12-01""#, .untold),
        ])
    func gitLabDates(_ json: String, _ end: ForgeToken.End) throws {
        #expect(try Self.gitLab(#"{"scopes": ["api"], "expires_at": \#(json)}"#).end == end)
    }

    @Test("The time of the answer is no end of the token that it was given to")
    func timeOfAnswer() {
        func end(_ date: String) -> ForgeToken.End? {
            Self.gitHub([
                ("X-OAuth-Scopes", "repo"), ("Date", date),
                ("GitHub-Authentication-Token-Expiration", "2026-12-01 09:15:00 UTC"),
            ])?.end
        }
        #expect(end("Tue, 01 Dec 2026 09:15:02 GMT") == .untold)
        #expect(end("Tue, 01 Dec 2026 08:15:02 GMT") == .at(Self.december))
        #expect(end("whenever") == .at(Self.december))
    }

    @Test("A token that was revoked, or is not active, is taken no more")
    func inactive() throws {
        #expect(try Self.gitLab(#"{"active": false}"#).isActive == false)
        #expect(try Self.gitLab(#"{"active": true, "revoked": true}"#).isActive == false)
        #expect(try Self.gitLab("{}").isActive)
    }

    @Test(
        "What is missing of GitLab's scopes is told for each right",
        arguments: [
            (["api"], [:]), (["granular"], [:]),
            (["read_api", "write_repository"], [.verdicts: "api", .write: "api"]),
            (["read_user"], [.read: "read_api", .verdicts: "api", .write: "api"]),
            (["read_api"], [.read: "read_repository", .verdicts: "api", .write: "api"]), ([], [:]),
        ] as [([String], [ProjectRight: String])])
    func scopes(_ scopes: [String], _ missing: [ProjectRight: String]) throws {
        #expect(try Self.gitLab(#"{"scopes": \#(scopes)}"#).missing == missing)
    }

    @Test("GitHub's scopes are told by classic tokens only; those for public repositories are enough for these")
    func gitHubScopes() {
        #expect(Self.gitHub([("X-OAuth-Scopes", " repo ,read:org")])?.scopes == ["repo", "read:org"])
        #expect(Self.gitHub([("X-OAuth-Scopes", "public_repo")])?.missing == [:])
        #expect(Self.gitHub([("X-OAuth-Scopes", "gist")])?.missing == [.verdicts: "repo", .write: "repo"])
        #expect(Self.gitHub([("X-OAuth-Scopes", "")]) == nil)
        #expect(Self.gitHub([]) == nil)
    }

    @Test("A list that is none of scopes tells nothing, and is not kept")
    func endlessScopes() throws {
        let many = (0..<50_000).map { "scope\($0)" }
        #expect(try Self.gitLab(#"{"scopes": \#(many)}"#).scopes == nil)
        #expect(try Self.gitLab(#"{"scopes": \#(many)}"#).missing == [:])
        #expect(Self.gitHub([("X-OAuth-Scopes", many.joined(separator: ","))]) == nil)
        let odd = ["a b", "\u{1B}[31mred", "<b>", String(repeating: "x", count: 65), "", "ａｐｉ"]
        let strange = try Self.json(odd)
        #expect(try Self.gitLab(#"{"scopes": \#(strange)}"#).scopes == nil)
        let mixed = try Self.json(odd + ["api", "api"])
        #expect(try Self.gitLab(#"{"scopes": \#(mixed)}"#).scopes == ["api"])
    }

    @Test("B-09: a token that the host gives as its own name or scope is in neither")
    func canary() throws {
        let token = try Self.gitLab(
            #"{"name": "is \#(Self.secret)\u0007\nx", "scopes": ["\#(Self.secret)", "x-\#(Self.secret)", "api"]}"#)
        #expect(token.scopes == ["api"])
        #expect(token.name == "is ••• x")
        let long = try Self.gitLab(#"{"name": "\#(String(repeating: "x", count: 30_000))"}"#)
        #expect(long.name?.count == 80)
    }

    private static func json(_ texts: [String]) throws -> String {
        String(decoding: try JSONEncoder().encode(texts), as: UTF8.self)
    }
}
