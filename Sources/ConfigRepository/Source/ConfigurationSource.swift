public import DesiredState
public import Diagnostics
public import Forges
public import GitClient
public import StateStore

/// Where desired state is read from: a directory of this machine, or a branch of a git repository.
public protocol ConfigurationSource: Sendable {
    /// What it is, as it is stored and shown: `{"repository": …, "branch": …, "path": …}`.
    var identity: JSONValue { get }

    /// What it is, in words.
    var name: String { get }

    /// Its state now.
    ///
    /// - Parameter applied: The revision that is in force, when it is one of this source.
    /// - Throws: `SluiceError` when the source is gone or cannot be read. What is wrong with the files is no error here.
    func head(since applied: String?) async throws -> SourceHead

    /// The states that are proposed to follow; empty when the source has no place for proposals.
    ///
    /// - Throws: `SluiceError` when they cannot be listed to the last one.
    func proposals() async throws -> [SourceProposal]

    /// Whether there is a place where the result of a revision can stand.
    var takesResults: Bool { get }

    /// Makes the result stand on a revision, for whoever pushed it.
    func report(_ result: RevisionResult) async throws

    /// Makes a verdict stand on a proposal.
    func report(_ verdict: VerdictReport) async throws -> ReportOutcome
}

/// What came of bringing a revision into force.
public struct RevisionResult: Hashable, Sendable {
    /// The revision.
    public let revision: String
    /// Whether it is in force.
    public let isInForce: Bool
    /// What happened, in one line.
    public let summary: String

    /// Makes a result.
    public init(revision: String, isInForce: Bool, summary: String) {
        self.revision = revision
        self.isInForce = isInForce
        self.summary = summary
    }
}

/// The state of a source, before anybody has judged it.
public struct SourceHead: Sendable {
    /// Which state.
    public let revision: ConfigurationRevision
    /// Its files; or why there are none to be read, which its author has to mend.
    public let listing: Result<DesiredStateListing, SluiceError>
    /// Whether it does not contain the revision that is in force: somebody has rewritten history.
    public let isRewritten: Bool

    /// Makes a state.
    public init(
        revision: ConfigurationRevision, listing: Result<DesiredStateListing, SluiceError>, isRewritten: Bool = false
    ) {
        self.revision = revision
        self.listing = listing
        self.isRewritten = isRewritten
    }
}

/// A proposed state: a candidate of the config repository, merged with its branch.
public struct SourceProposal: Sendable {
    /// The candidate.
    public let id: CandidateID
    /// Its head.
    public let revision: ObjectID
    /// What the files would be after the merge; or why they cannot be told.
    public let listing: Result<DesiredStateListing, SluiceError>

    /// Makes a proposal.
    public init(id: CandidateID, revision: ObjectID, listing: Result<DesiredStateListing, SluiceError>) {
        self.id = id
        self.revision = revision
        self.listing = listing
    }
}

extension ConfigurationSource {
    /// Nowhere.
    public var takesResults: Bool { false }
    /// None.
    public func proposals() async throws -> [SourceProposal] { [] }
    /// Nowhere.
    public func report(_ result: RevisionResult) async throws {}
    /// Nowhere.
    public func report(_ verdict: VerdictReport) async throws -> ReportOutcome { .revisionMoved }
}
