public import GitClient

/// Candidates, and where their commits are.
public protocol CandidateReading: ForgeConnection {
    /// All candidates that are open against `branch`, ordered by id.
    func openCandidates(project: ProjectRef, branch: RefName) async throws -> [Candidate]

    /// What became of one candidate. It is asked for whenever a candidate is absent from the list, because a list may be
    /// wrong and absence is acted on.
    func candidate(_ id: CandidateID, project: ProjectRef, branch: RefName) async throws -> CandidateState

    /// The candidate's revisions, oldest first, as far as the host remembers them: at least the present one, and no
    /// others without ``ForgeCapability/revisionHistory``.
    /// - Throws: `forge.candidate-missing` when there is no such candidate to be seen.
    func revisions(of candidate: CandidateID, project: ProjectRef) async throws -> [CandidateRevision]

    /// The files that a candidate changes at a revision, against what it was made from, ordered by path.
    ///
    /// All of them or an error: hosts cut long lists, and a cut list is `forge.list-incomplete`. The content comes by git.
    /// - Throws: `forge.head-moved` when the host tells only of the present revision and that is another one;
    ///   `forge.candidate-missing`.
    func changedFiles(
        of candidate: CandidateID, at revision: ObjectID, project: ProjectRef
    ) async throws -> [CandidateFile]

    /// Where the branch stands; nil when the project has no such branch.
    func branchHead(project: ProjectRef, branch: RefName) async throws -> ObjectID?

    /// Where the project's branches and candidates are fetched from.
    func source(project: ProjectRef) async throws -> ForgeSource
}
