public import GitClient

/// Statuses of commits, of several contexts.
///
/// All methods throw `forge.not-supported` where the host has none (``ForgeCapability/commitStatuses``).
public protocol CommitStatusKeeping: ForgeConnection {
    /// The latest status of each context on a commit, ordered by context.
    func statuses(on commit: ObjectID, project: ProjectRef) async throws -> [CommitStatus]

    /// Makes a status stand on a commit. The same one that stands there already is not written again.
    /// - Returns: Whether it had to be written.
    func set(_ status: CommitStatus, on commit: ObjectID, project: ProjectRef) async throws -> Bool
}
