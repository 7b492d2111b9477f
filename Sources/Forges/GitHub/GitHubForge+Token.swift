import Diagnostics
import Foundation
import OutboundHTTP

extension GitHubForge {
    /// See ``TokenReading/token()``. What GitHub tells stands in the fields of its answers: scopes of classic tokens, and
    /// when one ends. An App's installation is no user; its tokens last for an hour, and something makes new ones.
    public func token() async throws -> ForgeToken? {
        let answer = try await api.send(.get, ["user"], accepting: [403])
        return answer.status < 300 ? Self.token(answer, address: api.address) : nil
    }

    /// What the fields of an answer say; nil when they say nothing.
    static func token(_ answer: ForgeAnswer, address: String) -> ForgeToken? {
        let list = answer.headers["x-oauth-scopes"] ?? ""
        let end = answer.headers["github-authentication-token-expiration"].flatMap {
            time($0, answered: answer.headers["date"])
        }
        // No list at all and an empty one are what tokens with permissions in the place of scopes have.
        let scopes = list.words(at: ",", maxSplits: 200).map { $0.trimmingCharacters(in: .whitespaces) }
        let token = ForgeToken(
            scopes: scopes, end: end.map { .at($0) } ?? .untold,
            place: "\(address)/settings/\(list.isEmpty ? "personal-access-tokens" : "tokens")", shown: answer.shown,
            lacks: missing)
        return token.scopes == nil && token.end == .untold ? nil : token
    }

    /// `2026-12-01 09:15:00 UTC`, or with an offset in the place of the zone.
    private static func time(_ text: String, answered: String?) -> Date? {
        let form = /([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2}:[0-9]{2}) (?:(UTC)|([+-][0-9]{2}):?([0-9]{2}))/
        guard let parts = try? form.wholeMatch(in: text)?.output else { return nil }
        let zone = if let hours = parts.4, let minutes = parts.5 { "\(hours):\(minutes)" } else { "Z" }
        guard let date = WebTime.date("\(parts.1)T\(parts.2)\(zone)") else { return nil }
        // Somebody saw the time of the answer there for a fine-grained token (google/go-github#3708). That is no end: the
        // token has just been taken.
        if let answered = answered.flatMap(RetryAfter.httpDate), abs(date.timeIntervalSince(answered)) < 120 {
            return nil
        }
        return date
    }

    /// What is missing of scopes. `public_repo` is enough for public repositories; others are not seen with it at all.
    private static func missing(_ scopes: Set<String>) -> [ProjectRight: String] {
        scopes.isDisjoint(with: ["repo", "public_repo"]) ? [.verdicts: "repo", .write: "repo"] : [:]
    }
}
