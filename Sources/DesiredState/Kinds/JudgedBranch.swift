/// A branch of a project whose candidates are judged. A candidate has room for one verdict of ours: one comment, one label,
/// one status. Two judges of one branch would overwrite each other's for ever.
public struct JudgedBranch: Hashable, Sendable {
    private let project: HostedProject
    private let branch: String

    /// Makes a place. Two forges of one address are one.
    public init(_ forge: ForgeSpec, project: String, branch: String) {
        self.project = HostedProject(forge, project: project)
        self.branch = branch
    }
}
