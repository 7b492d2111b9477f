public import GitClient

/// Branches of a project, by the host's interface rather than by git.
///
/// Hosts offer no compare-and-swap of a branch here, so the check of where it stands is a look just before. Where a race
/// must be impossible, push with `GitTransport.push`, which makes git's own comparison.
public protocol BranchKeeping: ForgeConnection {
    /// All branches whose names (without `refs/heads/`) begin with `prefix`, and where they stand.
    func branches(project: ProjectRef, withPrefix prefix: String) async throws -> [RefName: ObjectID]

    /// Makes a branch at a commit.
    /// - Returns: Whether it had to be made; false when it stood there already.
    /// - Throws: `forge.branch-moved` when there is one at another commit; `forge.commit-missing`.
    func createBranch(_ branch: RefName, at commit: ObjectID, project: ProjectRef) async throws -> Bool

    /// Deletes a branch while it stands at `head`.
    /// - Returns: Whether it had to be deleted; false when there was none.
    /// - Throws: `forge.branch-moved` when it stands elsewhere; `forge.branch-protected`.
    func deleteBranch(_ branch: RefName, expecting head: ObjectID, project: ProjectRef) async throws -> Bool
}
