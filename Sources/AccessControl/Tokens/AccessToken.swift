public import Foundation

/// A token as it is kept: everything but the secret, of which only a digest is.
public struct AccessToken: Hashable, Sendable, Identifiable {
    /// Its name in lists; no secret.
    public let id: String
    /// Whose name it proves.
    public let subject: String
    /// The groups that it proves with it.
    public let groups: [String]
    /// What it may do at most; empty for no such limit.
    public let scopes: [AccessScope]
    /// What it is for.
    public let note: String?
    /// Who made it.
    public let createdBy: String
    /// When.
    public let createdAt: Date
    /// When it ends.
    public let expiresAt: Date
    /// When it was used last, to the minute; nil when it never was.
    public let lastUsedAt: Date?
    /// When it was revoked; nil when it was not.
    public let revokedAt: Date?
    /// By whom.
    public let revokedBy: String?

    /// Makes a record.
    public init(
        id: String, subject: String, groups: [String], scopes: [AccessScope], note: String?, createdBy: String,
        createdAt: Date, expiresAt: Date, lastUsedAt: Date? = nil, revokedAt: Date? = nil, revokedBy: String? = nil
    ) {
        self.id = id
        self.subject = subject
        self.groups = groups
        self.scopes = scopes
        self.note = note
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.revokedAt = revokedAt
        self.revokedBy = revokedBy
    }

    /// Whether it holds at a time.
    public func isValid(at time: Date) -> Bool { revokedAt == nil && time < expiresAt }
}

/// A token to be made.
public struct NewAccessToken: Hashable, Sendable {
    /// Whose name it proves.
    public var subject: String
    /// The groups that it proves with it.
    public var groups: [String]
    /// What it may do at most.
    public var scopes: [AccessScope]
    /// What it is for.
    public var note: String?
    /// How long it holds.
    public var lifetime: Duration

    /// The longest that a token may hold: a year and a day.
    public static let longestLifetime = Duration.seconds(366 * 86_400)

    /// Makes a wish.
    public init(
        subject: String, groups: [String] = [], scopes: [AccessScope] = [], note: String? = nil, lifetime: Duration
    ) {
        self.subject = subject
        self.groups = groups
        self.scopes = scopes
        self.note = note
        self.lifetime = lifetime
    }
}
