public import Foundation

/// Which versions of a registry there are: its open candidates, and master.
///
/// A registry is named, or nil for the only one there is. Implementations throw `registry.unknown` for a name that is
/// not desired, and `registry.ambiguous` for nil when there are several.
public protocol VersionDirectory: Sendable {
    /// The open candidates of a registry, ordered by id.
    func candidates(of registry: String?) async throws -> [VersionCandidate]
    /// One open candidate; nil when there is none of that id.
    func candidate(_ id: String, of registry: String?) async throws -> VersionCandidate?
    /// The last thing that was merged; nil when nothing ever was.
    func master(of registry: String?) async throws -> MasterVersion?
}

/// An open candidate, as far as the interface speaks of it.
public struct VersionCandidate: Hashable, Sendable {
    /// The forge's id.
    public var id: String
    /// The title.
    public var name: String
    /// What its author wrote about it.
    public var description: String?
    /// Who proposed it.
    public var author: String?
    /// When it was opened.
    public var created: Date?
    /// When its present revision arrived.
    public var updated: Date?
    /// When it was last put on another base.
    public var rebased: Date?
    /// Whether it cannot be merged as it is.
    public var hasConflicts: Bool
    /// What became of its changelog.
    public var outcome: DeployOutcome
    /// How its database stands.
    public var database: DatabaseState
    /// The revision that the database shows; nil while there is none.
    public var shownRevision: String?

    /// Makes a candidate.
    public init(
        id: String, name: String, description: String? = nil, author: String? = nil, created: Date? = nil,
        updated: Date? = nil, rebased: Date? = nil, hasConflicts: Bool = false, outcome: DeployOutcome = .pending,
        database: DatabaseState = .absent, shownRevision: String? = nil
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.author = author
        self.created = created
        self.updated = updated
        self.rebased = rebased
        self.hasConflicts = hasConflicts
        self.outcome = outcome
        self.database = database
        self.shownRevision = shownRevision
    }
}

/// The last version that was merged.
public struct MasterVersion: Hashable, Sendable {
    /// The id of the candidate that was merged, or of the commit.
    public var id: String
    /// Its title.
    public var name: String
    /// What its author wrote about it.
    public var description: String?
    /// Who proposed it.
    public var author: String?
    /// When it was merged.
    public var updated: Date?
    /// Whether master's changelog is deployed as it stands; nil when that is not known.
    public var published: Bool?
    /// What became of master's changelog.
    public var outcome: DeployOutcome

    /// Makes a version.
    public init(
        id: String, name: String, description: String? = nil, author: String? = nil, updated: Date? = nil,
        published: Bool? = nil, outcome: DeployOutcome = .pending
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.author = author
        self.updated = updated
        self.published = published
        self.outcome = outcome
    }
}

/// What became of a changelog.
public enum DeployOutcome: Hashable, Sendable {
    /// It is not judged yet.
    case pending
    /// It was deployed.
    case success
    /// It was not; why, in words for its author.
    case failed(reason: String)
}

/// How a version's database stands.
public enum DatabaseState: String, Hashable, Sendable, CaseIterable {
    /// It is being built or waits to be; an older one may be readable.
    case building
    /// The present revision failed; an older database may be readable.
    case failed
    /// It shows the present revision.
    case ready
    /// There is none.
    case absent
}
