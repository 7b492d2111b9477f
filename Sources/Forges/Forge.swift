/// A code host: all that Sluice can ask of one and do there.
///
/// This module holds the protocols and their adapters. It knows nothing of databases, changelogs, releases or the
/// engine: an adapter reads and writes the host's own world and keeps no state, so that every answer is found again by
/// looking. Whoever needs one topic asks for the protocol of that topic; ``GateForge`` is what the gate needs.
///
/// ## Rules for adapters
/// - **Complete or an error.** A list that could not be read to its last page, a project that is missing and an answer
///   that makes no sense are errors. An empty list means that the host itself said there is nothing, because databases
///   are dropped on that word.
/// - **Absence is not an end.** "Not found" is what a host says of what is gone and of what we may not see, and nothing
///   is concluded from it.
/// - **Read before write.** Every method that writes looks first, and writes only what differs: a method may be repeated
///   at will, after a crash too, and nothing stands there twice.
/// - **Bound to the commit.** What is written about a candidate or done with a merge request names the commit that the
///   caller has seen at its head. When the head has moved, nothing is written.
/// - **Ours and theirs.** Comments, votes and issues count as ours only when our own account wrote them.
/// - **Errors** are `SluiceError` with the kind that decides what happens next: `transient`, with `retryAfter` where the
///   host named a time, for a host in trouble; `stalled` for access denied, a missing project and what the host cannot
///   do (`forge.not-supported`); `conflict` when the world moved meanwhile (`forge.head-moved`, `forge.branch-moved`).
/// - **Nothing is trusted.** Ids, titles, names and states are texts of strangers, and words that are not known mean
///   "unknown".
public protocol Forge: GateForge, MergeRequestKeeping, IssueKeeping, BranchKeeping, CommitStatusKeeping, CommentKeeping,
    RightsReading, TokenReading
{}

/// What the gate needs of a code host: which candidates are open, what became of one, where the commits are, and a place
/// for one verdict per candidate and revision.
public protocol GateForge: CandidateReading, VerdictReporting {}
