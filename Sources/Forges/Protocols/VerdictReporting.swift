public import GitClient

/// The verdict of Sluice on a candidate at one revision, in the host's own form of "Verified".
public protocol VerdictReporting: ForgeConnection {
    /// Our own verdict as it stands on this candidate at this revision; nil when there is none, and when its parts do not
    /// agree (a vote without its comment, a vote that the host copied from another revision): then it is to be reported
    /// again.
    func verdict(
        on revision: ObjectID, of candidate: CandidateID, project: ProjectRef
    ) async throws -> VerdictReport?

    /// Makes the verdict stand on its candidate at its revision, with one comment, edited in place where the host can.
    ///
    /// Nothing is written when the candidate has gone on to another revision. What has arrived meanwhile is looked for
    /// after the write as well.
    func report(_ report: VerdictReport, project: ProjectRef) async throws -> ReportOutcome

    /// What in the host's settings lets a verdict outlive its evidence or a merge go without it, in sentences for
    /// people; empty when nothing was found. Where the host keeps such a setting from us, that is said.
    func verdictHazards(project: ProjectRef, branch: RefName) async throws -> [String]
}

/// What became of a report.
public enum ReportOutcome: Hashable, Sendable {
    /// It was written.
    case posted
    /// It stood there already, word for word. Nothing was written.
    case alreadyThere
    /// The candidate no longer stands at that revision, or is gone. Nothing was written, or what was written stands on a
    /// revision that is past.
    case revisionMoved
}
