import AccessControl
import DesiredState
import Diagnostics
import Foundation
import PostgresClient
import StateStore
import StateStoreSupport
import Testing

@Suite("Tokens")
struct TokenTableTests {
    @Test("A token is kept without its secret, its use is noted, and it is revoked once")
    func life() async throws {
        try await withStore { store in
            var generator = SystemRandomNumberGenerator()
            let secret = TokenSecret(using: &generator)
            let wish = NewAccessToken(
                subject: "ci", groups: ["bots"], scopes: [AccessScope(.viewer)], note: "builds", lifetime: .seconds(60))
            let made = try await store.tokens.add(wish, secret, by: "anna")
            #expect(made.subject == "ci" && made.groups == ["bots"] && made.scopes == [AccessScope(.viewer)])
            #expect(made.expiresAt.timeIntervalSince(made.createdAt) == 60 && made.lastUsedAt == nil)
            let dump = try await store.pool.query("SELECT to_jsonb(t)::text AS row FROM sluice.access_tokens AS t")
            let end = secret.text.reveal().suffix(43)
            #expect(try dump.allSatisfy { try !$0.string("row").contains(end) })

            try await store.tokens.noteUse(of: secret.id)
            let found = try #require(try await store.tokens.token(secret.id))
            #expect(found.digest == secret.digest && found.token.lastUsedAt != nil)
            #expect(try await store.tokens.token("nobody") == nil)

            let revoked = try #require(try await store.tokens.revoke(secret.id, by: "bob"))
            #expect(revoked.revokedBy == "bob" && !revoked.isValid(at: revoked.createdAt))
            #expect(try await store.tokens.revoke(secret.id, by: "eve")?.revokedBy == "bob")
            #expect(try await store.tokens.revoke("nobody", by: "eve") == nil)
            #expect(try await store.tokens.list(limit: 10).map(\.id) == [secret.id])
            #expect(try await store.tokens.list(subject: "other", limit: 10).isEmpty)
        }
    }
}
