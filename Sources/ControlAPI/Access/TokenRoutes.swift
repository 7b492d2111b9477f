import AccessControl
import DesiredState
import Diagnostics
import Foundation

/// `/api/v1/tokens`: tokens that people make, list and revoke. The secret is answered once and never again.
struct TokenRoutes {
    private let tokens: any TokenRequests
    private let now: @Sendable () -> Date

    init(_ tokens: any TokenRequests, now: @escaping @Sendable () -> Date) {
        self.tokens = tokens
        self.now = now
    }

    var routes: [Route] {
        var create = Route(
            method: .post, pattern: "/api/v1/tokens", surface: .control, operation: "createToken",
            summary: "Makes a token. Its secret is in this answer and nowhere else.", access: .needs(.administer),
            body: .record(
                ["subject": .text, "lifetime": .text],
                optional: [
                    "groups": ["type": "array", "items": .text], "scopes": ["type": "array", "items": .text],
                    "note": .text,
                ]),
            outcomes: [.init(status: 200, summary: "The token.", schema: .reference("CreatedToken"))], handle: create)
        create.auditedBody = { call in
            let body = (try? Self.body(call)) ?? [:]
            return .object(
                (body.object ?? [:]).filter { ["subject", "lifetime", "groups", "scopes"].contains($0.key) })
        }
        return [
            create,
            Route(
                method: .get, pattern: "/api/v1/tokens", surface: .control, operation: "listTokens",
                summary: "Tokens, those that ended included.", access: .needs(.administer),
                query: [.init(name: "subject", summary: "Only tokens of this subject.")] + Paging.parameters,
                outcomes: [.init(status: 200, summary: "A page of tokens.", schema: .page("Token"))], handle: list),
            Route(
                method: .post, pattern: "/api/v1/tokens/{id}/revoke", surface: .control, operation: "revokeToken",
                summary: "Ends a token, within seconds and for good.", access: .needs(.administer),
                outcomes: [.init(status: 200, summary: "The token.", schema: .reference("Token"))], handle: revoke),
        ]
    }

    private func create(_ call: Call) async throws -> Answer {
        let body = try Self.body(call)
        guard let subject = body["subject"]?.string, Self.isName(subject), !Subject.isReserved(subject) else {
            throw Self.malformed("subject is whose name the token proves: at most 128 characters of one line")
        }
        guard let lifetime = body["lifetime"]?.string.flatMap({ ConfigurationDuration.parse($0) }),
            (.seconds(60)...NewAccessToken.longestLifetime).contains(lifetime)
        else { throw Self.malformed("lifetime is how long the token holds: from 1m to 366d") }
        let groups = try Self.words(body["groups"])
        let note = body["note"]?.string
        guard groups.count <= 100, groups.allSatisfy(Self.isName), note?.hasControlCharacters != true else {
            throw Self.malformed("groups are names, and note is one line")
        }
        let scopes: [AccessScope]
        do {
            scopes = try Self.words(body["scopes"]).prefix(100).map { try AccessScope($0) }
        } catch let error as SluiceError {
            throw CallFailure(.badRequest, error.code.rawValue, error.message, hint: error.hint)
        }
        try requireBounds(of: call.caller.subject, scopes, lifetime)
        var generator = SystemRandomNumberGenerator()
        let secret = TokenSecret(using: &generator)
        let made = try await tokens.add(
            NewAccessToken(subject: subject, groups: groups, scopes: scopes, note: note, lifetime: lifetime), secret,
            by: call.caller.subject.name)
        var members = Self.token(made).object ?? [:]
        members["token"] = .string(secret.text.reveal())
        return Answer(headers: [("Cache-Control", "no-store")], .object(members))
    }

    /// Whoever came by a token makes none that reaches further or holds longer: its revocation would be none.
    private func requireBounds(
        of creator: Subject, _ scopes: [AccessScope], _ lifetime: Duration
    ) throws(CallFailure) {
        if let ends = creator.expires, now().addingTimeInterval(lifetime / .seconds(1)) > ends {
            throw CallFailure(
                .forbidden, "token.outlives", "the token would hold for longer than the one that you came with",
                hint: "name a shorter lifetime, or come with another proof")
        }
        guard creator.scopes.isEmpty || !scopes.isEmpty && scopes.allSatisfy(creator.scopes.contains) else {
            throw CallFailure(
                .forbidden, "token.outreaches", "the token would reach further than the one that you came with",
                hint: "name scopes that yours has")
        }
    }

    private func list(_ call: Call) async throws -> Answer {
        let limit = try Paging.limit(call)
        let found = try await tokens.list(
            subject: call.value("subject"), after: call.value("cursor"), limit: limit + 1)
        let page = found.prefix(limit)
        return Answer([
            "items": .array(page.map(Self.token)),
            "nextCursor": .optional(found.count > limit ? page.last?.id : nil),
        ])
    }

    private func revoke(_ call: Call) async throws -> Answer {
        guard let token = try await tokens.revoke(call.parameter("id"), by: call.caller.subject.name) else {
            throw CallFailure(.notFound, "token.unknown", "there is no such token", hint: "see /api/v1/tokens")
        }
        return Answer(Self.token(token))
    }

    private static func body(_ call: Call) throws(CallFailure) -> JSONValue {
        guard let body = call.json, body.object != nil else {
            throw malformed(#"send {"subject": "ci", "lifetime": "90d"}"#)
        }
        return body
    }

    private static func words(_ value: JSONValue?) throws(CallFailure) -> [String] {
        guard let value else { return [] }
        let words = value.array?.compactMap(\.string)
        guard let words, words.count == value.array?.count else {
            throw malformed("groups and scopes are lists of texts")
        }
        return words
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.count <= 128 && !text.unicodeScalars.contains(where: \.changesDisplay)
    }

    private static func malformed(_ hint: String) -> CallFailure {
        CallFailure(.badRequest, "token.malformed", "the request is not understood", hint: hint)
    }

    private static func token(_ token: AccessToken) -> JSONValue {
        [
            "id": .string(token.id), "subject": .string(token.subject),
            "groups": .array(token.groups.map { .string($0) }),
            "scopes": .array(token.scopes.map { .string($0.description) }), "note": .optional(token.note),
            "createdBy": .string(token.createdBy), "createdAt": .time(token.createdAt),
            "expiresAt": .time(token.expiresAt), "lastUsedAt": .time(token.lastUsedAt),
            "revokedAt": .time(token.revokedAt), "revokedBy": .optional(token.revokedBy),
        ]
    }

    private static let members: [String: JSONValue] = [
        "id": .text, "subject": .text, "groups": ["type": "array", "items": .text],
        "scopes": ["type": "array", "items": .text], "note": .textOrNull, "createdBy": .text, "createdAt": .time,
        "expiresAt": .time, "lastUsedAt": .timeOrNull, "revokedAt": .timeOrNull, "revokedBy": .textOrNull,
    ]

    static let schemas: [String: JSONValue] = [
        "Token": .record(members), "CreatedToken": .record(members.merging(["token": .text]) { first, _ in first }),
    ]
}
