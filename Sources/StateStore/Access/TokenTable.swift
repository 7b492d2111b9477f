public import AccessControl
import Diagnostics
import PostgresClient

/// The tokens that people made, with digests of their secrets. Those that ended stay, for whoever asks what they were.
public struct TokenTable: TokenDirectory {
    let pool: PostgresPool

    /// How many tokens that still hold there may be.
    public static let limit = 10_000

    /// Keeps a new token.
    public func add(_ token: NewAccessToken, _ secret: TokenSecret, by creator: String) async throws -> AccessToken {
        let rows = try await pool.query(
            """
            WITH shared AS (
                UPDATE sluice.installation SET shared_since = statement_timestamp() WHERE shared_since IS NULL
            )
            INSERT INTO sluice.access_tokens (id, digest, subject, groups, scopes, note, created_by, expires_at)
            SELECT $1, $2, $3, $4::text[], $5::text[], $6, $7,
                statement_timestamp() + $8::bigint * interval '1 microsecond'
            WHERE (SELECT count(*) FROM sluice.access_tokens
                WHERE revoked_at IS NULL AND expires_at > statement_timestamp()) < $9::bigint
            RETURNING *
            """,
            [
                secret.id, secret.digest, Storable.text(token.subject, limit: 200), token.groups,
                token.scopes.map(\.description), token.note.map { Storable.text($0, limit: 500) },
                Storable.text(creator, limit: 200), token.lifetime.microseconds, Self.limit,
            ])
        guard let row = rows.first else {
            throw SluiceError(
                "token.too-many", .stalled, "there are \(Self.limit) tokens that hold already",
                hint: "revoke those that nobody uses: sluice token list")
        }
        return try Self.token(row)
    }

    /// The token of an id, with the digest of its secret; nil when there is none.
    public func token(_ id: String) async throws -> (token: AccessToken, digest: String)? {
        try await pool.query("SELECT * FROM sluice.access_tokens WHERE id = $1", [id]).first.map {
            (try Self.token($0), try $0.string("digest"))
        }
    }

    /// Notes that a token was used. To the minute: who asks often does not have a row written each time.
    public func noteUse(of id: String) async throws {
        _ = try await pool.query(
            """
            UPDATE sluice.access_tokens SET last_used_at = statement_timestamp()
            WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < statement_timestamp() - interval '1 minute')
            """, [id])
    }

    /// Tokens in the order of their ids, those after one when it is given; of one subject when it is named.
    public func list(subject: String? = nil, after id: String? = nil, limit: Int) async throws -> [AccessToken] {
        var conditions = Conditions()
        conditions.add("subject = $", subject)
        conditions.add("id > $", id)
        return try await pool.query(
            "SELECT * FROM sluice.access_tokens \(conditions.clause) ORDER BY id LIMIT \(max(0, limit))",
            conditions.parameters
        ).map(Self.token)
    }

    /// Ends a token. One that was revoked before stays as it is.
    /// - Returns: The token; nil when there is none.
    public func revoke(_ id: String, by person: String) async throws -> AccessToken? {
        try await pool.query(
            """
            UPDATE sluice.access_tokens SET
                revoked_at = coalesce(revoked_at, statement_timestamp()), revoked_by = coalesce(revoked_by, $2)
            WHERE id = $1 RETURNING *
            """, [id, Storable.text(person, limit: 200)]
        ).first.map(Self.token)
    }

    private static func token(_ row: PostgresRow) throws -> AccessToken {
        AccessToken(
            id: try row.string("id"), subject: try row.string("subject"), groups: try row.strings("groups"),
            scopes: try row.strings("scopes").map { try AccessScope($0) }, note: try row.optionalString("note"),
            createdBy: try row.string("created_by"), createdAt: try row.date("created_at"),
            expiresAt: try row.date("expires_at"), lastUsedAt: try row.optionalDate("last_used_at"),
            revokedAt: try row.optionalDate("revoked_at"), revokedBy: try row.optionalString("revoked_by"))
    }
}
