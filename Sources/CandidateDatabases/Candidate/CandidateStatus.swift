public import DesiredState
public import Foundation
public import GitClient

/// What the gate says of a candidate, for people and for the sweep. It is a view of the world, not the truth about it.
public struct CandidateStatus: Hashable, Sendable, Codable {
    /// What readers of the candidate's tables have to know.
    public enum State: String, Sendable, Codable, CaseIterable {
        /// Something has to happen first.
        case waiting
        /// A database for the present revision is being built; an older one may be readable.
        case building
        /// The present revision failed; an older database may be readable.
        case failed
        /// The database shows the present revision.
        case ready
        /// The candidate is gone and its databases with it, or soon.
        case absent
    }

    /// How the candidate stands.
    public var state: State
    /// The candidate's title on the forge.
    public var title: String?
    /// The head that was looked at.
    public var revision: ObjectID?
    /// The commit of the target branch that it stands on.
    public var base: ObjectID?
    /// What its database should be made of.
    public var key: String?
    /// The base template that its database is cloned from.
    public var baseTemplate: String?
    /// The digest of the circumstances that went into the key.
    public var circumstances: String?
    /// The revision that is settled: nothing is left to be done for it.
    public var settledRevision: ObjectID?
    /// The verdict on the revision: -1, 0 or 1.
    public var verdict: Int?
    /// The database that people read; nil while there is none.
    public var database: String?
    /// The server by name on which its databases are, once that is decided; they stay there.
    public var server: String?
    /// The revision whose tables the database shows.
    public var shows: ObjectID?
    /// How many changesets of the candidate ran.
    public var changeSets: Int?
    /// What lint has to say about the present content.
    public var findings: GateFindings?
    /// What the database changes in the schema of its base.
    public var schemaChanges: SchemaNote?
    /// Why the present content failed.
    public var failure: DeployFailure?
    /// The key that ``failure`` is about.
    public var failedKey: String?
    /// How many deploys of ``interruptedKey`` in a row broke off as if the server were to blame.
    public var interruptions: Int?
    /// The key that ``interruptions`` counts for.
    public var interruptedKey: String?
    /// When the sweep first saw that the candidate is gone.
    public var absentSince: Date?

    /// Makes a status.
    public init(state: State) { self.state = state }

    /// Reads a status as it was stored; nil for none.
    public init?(_ stored: JSONValue) {
        guard let read = try? stored.decode(as: CandidateStatus.self) else { return nil }
        self = read
    }

    var lastFailure: CandidateObservation.Outcome? {
        guard let failure, let key = failedKey.flatMap(ContentKey.init(rawValue:)) else { return nil }
        return CandidateObservation.Outcome(key: key, failure: failure)
    }
}
