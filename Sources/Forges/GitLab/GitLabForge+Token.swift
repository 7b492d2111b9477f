import Diagnostics
import Foundation
import OutboundHTTP

extension GitLabForge {
    /// See ``TokenReading/token()``. Any scope suffices to ask. Servers before 15.5 do not know the question, and to tokens
    /// that are not a user's, a project's or a group's it is refused.
    public func token() async throws -> ForgeToken? {
        let answer = try await api.send(.get, ["personal_access_tokens", "self"], accepting: [400, 401, 403, 404])
        guard answer.status < 300 else { return nil }
        return try Self.token(answer, place: Self.place(ofTokensOf: try await account().name, at: api.address))
    }

    /// What an answer says.
    /// - Throws: `forge.answer-malformed`.
    static func token(_ answer: ForgeAnswer, place: String) throws -> ForgeToken {
        let found = try answer.decoded(GitLabWire.Token.self)
        return ForgeToken(
            name: found.name, scopes: found.scopes, end: found.end,
            isActive: found.active != false && found.revoked != true, place: place, shown: answer.shown,
            lacks: missing)
    }

    /// The tokens of projects and groups have users of their own, whose names say so.
    private static func place(ofTokensOf user: String, at address: String) -> String {
        for owner in ["project", "group"] where user.begins(with: "\(owner)_") && user.holds("_bot") {
            return "Settings → Access tokens of the \(owner)"
        }
        return "\(address)/-/user_settings/personal_access_tokens"
    }

    /// What is missing of scopes. Of a token with rights of a finer grain ("granular") nobody can tell here.
    private static func missing(_ scopes: Set<String>) -> [ProjectRight: String] {
        if !scopes.isDisjoint(with: ["api", "granular"]) { return [:] }
        let fetches = !scopes.isDisjoint(with: ["read_repository", "write_repository"])
        var missing: [ProjectRight: String] = [.verdicts: "api", .write: "api"]
        if !scopes.contains("read_api") {
            missing[.read] = "read_api"
        } else if !fetches {
            missing[.read] = "read_repository"
        }
        return missing
    }
}

extension GitLabWire {
    /// The token that was asked with (doc/api/personal_access_tokens.md).
    struct Token: Decodable {
        let name: String?
        let scopes: [String]?
        let expires_at: String?
        let active: Bool?
        let revoked: Bool?

        /// It ends as its day begins, in UTC.
        var end: ForgeToken.End {
            guard let expires_at else { return .never }
            guard expires_at.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil,
                let date = WebTime.date("\(expires_at)T00:00:00Z")
            else { return .untold }
            return .at(date)
        }
    }
}
