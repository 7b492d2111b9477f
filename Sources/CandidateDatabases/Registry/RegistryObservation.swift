public import Forges
public import Foundation
public import GitClient

/// Everything that a registry's sweep saw: the forge's complete list of open candidates, the databases on the server and
/// what the store knows.
public struct RegistryObservation: Sendable {
    /// An open candidate on the forge.
    public struct Open: Hashable, Sendable {
        /// The candidate's id.
        public var id: CandidateID
        /// Its head.
        public var revision: ObjectID

        /// Makes an open candidate as listed.
        public init(id: CandidateID, revision: ObjectID) {
            self.id = id
            self.revision = revision
        }
    }

    /// A candidate as the store knows it.
    public struct Known: Hashable, Sendable {
        /// The candidate's id.
        public var id: CandidateID
        /// The revision that it is settled on; nil while it is not.
        public var settledRevision: ObjectID?
        /// The digest of the circumstances under which it was settled.
        public var circumstances: String?
        /// Whether a settled candidate has a database: not when its first content failed.
        public var hasDatabase: Bool
        /// When it was first seen to be gone.
        public var absentSince: Date?
        /// Whether it is being dismantled already.
        public var isDeleting: Bool
        /// The server that its databases are on, where that is not the registry's own.
        public var server: String?

        /// Makes a known candidate.
        public init(
            id: CandidateID, settledRevision: ObjectID? = nil, circumstances: String? = nil, hasDatabase: Bool = false,
            absentSince: Date? = nil, isDeleting: Bool = false, server: String? = nil
        ) {
            self.id = id
            self.settledRevision = settledRevision
            self.circumstances = circumstances
            self.hasDatabase = hasDatabase
            self.absentSince = absentSince
            self.isDeleting = isDeleting
            self.server = server
        }
    }

    /// What the forge said when it was asked for one candidate that its list lacked.
    public enum Absence: Hashable, Sendable {
        /// It was merged.
        case merged
        /// It was abandoned, or its branch is gone.
        case closed
        /// The forge does not show it: gone, or only hidden from us.
        case notVisible
        /// It is open after all: the list was wrong.
        case stillOpen
    }

    /// The head of the target branch, with the key of its base template.
    public struct Head: Hashable, Sendable {
        /// The commit.
        public var commit: ObjectID
        /// What its base template is made of.
        public var key: ContentKey
        /// Whether it is known not to deploy.
        public var isBroken: Bool

        /// Makes a head as seen.
        public init(commit: ObjectID, key: ContentKey, isBroken: Bool = false) {
            self.commit = commit
            self.key = key
            self.isBroken = isBroken
        }
    }

    /// The head of the target branch.
    public var head: Head?
    /// The open candidates: all of them, or the sweep failed before this was made.
    public var open: [Open]
    /// The candidates that the store knows.
    public var known: [Known]
    /// What was confirmed of every candidate that is known or has a database and is not listed.
    public var absences: [CandidateID: Absence]
    /// The databases with this registry's provenance or private prefix.
    public var databases: [GateDatabase]
    /// Databases that a run in progress is about: never touched by the sweep.
    public var inUse: Set<String>
    /// The base templates of the branch's head and of candidates that are not settled: never evicted.
    public var wantedTemplates: Set<String>
    /// The digest of the circumstances now.
    public var circumstances: String
    /// The digest on each other server where candidates are.
    public var circumstancesElsewhere: [String: String]
    /// The other servers that cannot be reached: nothing is known of their databases.
    public var unreachable: Set<String>
    /// The time of the sweep.
    public var now: Date

    /// Makes an observation.
    public init(
        head: Head? = nil, open: [Open], known: [Known], absences: [CandidateID: Absence] = [:],
        databases: [GateDatabase] = [], inUse: Set<String> = [], wantedTemplates: Set<String> = [],
        circumstances: String, circumstancesElsewhere: [String: String] = [:], unreachable: Set<String> = [], now: Date
    ) {
        self.head = head
        self.open = open
        self.known = known
        self.absences = absences
        self.databases = databases
        self.inUse = inUse
        self.wantedTemplates = wantedTemplates
        self.circumstances = circumstances
        self.circumstancesElsewhere = circumstancesElsewhere
        self.unreachable = unreachable
        self.now = now
    }

    /// The candidates that have to be asked for one by one: known or with a database, and not listed as open.
    public static func unlisted(open: [Open], known: [Known], databases: [GateDatabase]) -> [CandidateID] {
        let listed = Set(open.map(\.id))
        let withDatabase = databases.compactMap { $0.provenance?.candidateID }
        return Set(known.map(\.id) + withDatabase).subtracting(listed).sorted()
    }
}
