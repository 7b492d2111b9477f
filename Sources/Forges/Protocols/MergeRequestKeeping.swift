public import GitClient

/// Merge requests that Sluice itself opens, follows, merges and closes.
public protocol MergeRequestKeeping: ForgeConnection {
    /// A merge request by its id; nil when there is none to be seen.
    func mergeRequest(_ id: CandidateID, project: ProjectRef) async throws -> MergeRequest?

    /// All open merge requests from the branch `source` into the branch `target`, ordered by id.
    /// - Throws: `forge.not-supported` without ``ForgeCapability/openMergeRequests``.
    func openMergeRequests(
        from source: RefName, into target: RefName, project: ProjectRef
    ) async throws -> [MergeRequest]

    /// Opens a merge request, unless one is open between the same branches: then that one is returned as it is.
    /// - Throws: `forge.head-moved` when the source branch does not stand at the proposal's head;
    ///   `forge.branch-missing`; `forge.not-supported`.
    func open(_ proposal: MergeRequestProposal, project: ProjectRef) async throws -> MergeRequest

    /// Makes the title, the text or the labels of a merge request what they should be.
    /// - Returns: Whether anything had to be written.
    /// - Throws: `forge.head-moved` when it stands at another commit; `forge.candidate-missing`; `forge.not-supported`.
    func update(
        _ id: CandidateID, to change: MergeRequestChange, expecting head: ObjectID, project: ProjectRef
    ) async throws -> Bool

    /// Merges a merge request with a merge commit, while its head is `head`.
    ///
    /// The host is asked to check the head once more in the same step. One that is merged already at that head is left.
    /// - Parameter message: The message of the merge commit; the host's own when it is nil or the host allows none.
    /// - Throws: `forge.head-moved`; `forge.merge-conflict`, stalled, when the two cannot be merged by a machine;
    ///   `forge.merge-refused`, stalled, when a rule of the host forbids it; `forge.merge-pending`, transient, while the host
    ///   has not decided whether it can be merged; `forge.candidate-closed`; `forge.candidate-missing`.
    func merge(
        _ id: CandidateID, expecting head: ObjectID, message: String?, project: ProjectRef
    ) async throws -> MergeOutcome

    /// Whether merging a merge request makes a merge commit, as the project is set up; true where a host always does as it is
    /// asked, or does not say.
    /// - Throws: `forge.project-missing`.
    func makesMergeCommits(project: ProjectRef) async throws -> Bool

    /// Asks people to review a merge request. Those who are asked already, or have reviewed it, are left alone.
    /// - Parameter people: Their names on the host.
    /// - Returns: Those whom the host does not let us ask: it has no such account, or one that may not see the project.
    /// - Throws: `forge.not-supported` without ``ForgeCapability/reviewers``; `forge.candidate-missing`.
    func askForReview(of id: CandidateID, from people: [String], project: ProjectRef) async throws -> [String]

    /// Closes a merge request without merging it, while its head is `head`.
    /// - Returns: Whether it had to be closed; false when it was closed already.
    /// - Throws: `forge.head-moved`; `forge.candidate-merged`, conflict, when it was merged; `forge.candidate-missing`.
    func close(_ id: CandidateID, expecting head: ObjectID, project: ProjectRef) async throws -> Bool
}

extension MergeRequestKeeping {
    /// Hosts that merge as they are asked to.
    public func makesMergeCommits(project: ProjectRef) async throws -> Bool { true }

    /// Hosts where nobody is asked for a review.
    public func askForReview(of id: CandidateID, from people: [String], project: ProjectRef) async throws -> [String] {
        throw notSupported(.reviewers)
    }
}
