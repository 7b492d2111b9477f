public import DesiredState
public import Diagnostics
public import Forges
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

    /// The branch whose candidates are judged as desired state; nil when the source has no place for proposals, or it is not
    /// known which.
    var judgedBranch: JudgedBranch? { get }

    /// The candidates that propose the state to follow; empty when the source has no place for proposals.
    ///
    /// - Throws: `SluiceError` when they cannot be listed to the last one.
    func proposals() async throws -> [Candidate]

    /// Sees to it that the files of candidates can be read.
    /// - Returns: Those whose files are there. One that has moved on meanwhile is judged at the next look.
    func bring(_ candidates: [Candidate]) async throws -> [Candidate]

    /// What the files would be after a candidate's merge with a head; or why they cannot be told. Read one at a time: they
    /// are strangers' files.
    func listing(
        of candidate: Candidate, after head: ConfigurationRevision
    ) async throws -> Result<DesiredStateListing, SluiceError>

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
    /// Reads its files; or finds out why there are none to be read, which its author has to mend. Not needed again for a
    /// revision that was read before.
    public let listing: @Sendable () async throws -> Result<DesiredStateListing, SluiceError>
    /// Whether it does not contain the revision that is in force: somebody has rewritten history.
    public let isRewritten: Bool

    /// Makes a state.
    public init(
        revision: ConfigurationRevision, isRewritten: Bool = false,
        listing: @escaping @Sendable () async throws -> Result<DesiredStateListing, SluiceError>
    ) {
        self.revision = revision
        self.listing = listing
        self.isRewritten = isRewritten
    }
}

extension ConfigurationSource {
    /// Nowhere.
    public var takesResults: Bool { false }
    /// None.
    public var judgedBranch: JudgedBranch? { nil }
    /// None.
    public func proposals() async throws -> [Candidate] { [] }
    /// None.
    public func bring(_ candidates: [Candidate]) async throws -> [Candidate] { [] }
    /// There are none.
    public func listing(
        of candidate: Candidate, after head: ConfigurationRevision
    ) async throws -> Result<DesiredStateListing, SluiceError> { .success(DesiredStateListing([])) }
    /// Nowhere.
    public func report(_ result: RevisionResult) async throws {}
    /// Nowhere.
    public func report(_ verdict: VerdictReport) async throws -> ReportOutcome { .revisionMoved }
}
