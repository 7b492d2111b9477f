public import GitClient

/// What Sluice needs of a code host, in its smallest form: which candidates are open, what became of one, where its
/// commits are, and a place for one verdict per candidate and revision.
///
/// This module holds the protocol and its adapters. It knows nothing of databases, changelogs or the engine: an adapter
/// reads and writes the host's own world and keeps no state, so that every answer is found again by looking.
///
/// ## Rules for adapters
/// - **Complete or an error.** A list that could not be read to its last page, a project that is missing and an answer
///   that makes no sense are errors. An empty list means that the host itself said there is nothing, because databases
///   are dropped on that word.
/// - **Bound to the revision.** A verdict belongs to one candidate at one commit and is never moved to another one.
/// - **Idempotent.** ``report(_:project:)`` reads before it writes and may be repeated at will.
/// - **Errors** are `SluiceError` with the kind that decides what happens next: `transient` with `retryAfter` for a host
///   in trouble, `stalled` for access denied or a missing project, `conflict` when the world moved meanwhile.
/// - **Nothing is trusted.** Ids, titles and names are texts of strangers.
public protocol Forge: Sendable {
    /// The name by which the desired state calls this forge, for messages.
    var name: String { get }

    /// All candidates that are open against `branch`, ordered by id.
    func openCandidates(project: ProjectRef, branch: RefName) async throws -> [Candidate]

    /// What became of one candidate. It is asked for whenever a candidate is absent from the list, because a list may be
    /// wrong and absence is acted on.
    func candidate(_ id: CandidateID, project: ProjectRef, branch: RefName) async throws -> CandidateState

    /// Where the branch stands; nil when the project has no such branch.
    func branchHead(project: ProjectRef, branch: RefName) async throws -> ObjectID?

    /// Where the project's branches and candidates are fetched from.
    func source(project: ProjectRef) async throws -> ForgeSource

    /// Our own verdict as it stands on this candidate at this revision; nil when there is none.
    func verdict(
        on revision: ObjectID, of candidate: CandidateID, project: ProjectRef
    ) async throws -> VerdictReport?

    /// Makes the verdict stand on its candidate at its revision, with one comment, edited in place when there is one.
    ///
    /// Nothing is written when the candidate has gone on to another revision.
    func report(_ report: VerdictReport, project: ProjectRef) async throws -> ReportOutcome
}

/// What became of a report.
public enum ReportOutcome: Hashable, Sendable {
    /// It was written.
    case posted
    /// It stood there already, word for word. Nothing was written.
    case alreadyThere
    /// The candidate no longer stands at that revision, or is gone. Nothing was written.
    case revisionMoved
}

/// Where a project's commits are fetched from.
public struct ForgeSource: Hashable, Sendable {
    /// The repository.
    public let remote: GitRemote
    /// The references that bring the branches' and all open candidates' commits.
    public let refspecs: [RefSpec]

    /// Makes a source.
    public init(remote: GitRemote, refspecs: [RefSpec]) {
        self.remote = remote
        self.refspecs = refspecs
    }
}
