/// A branch of a project whose candidates are judged. A candidate has room for one verdict of ours: one comment, one label,
/// one status. Two judges of one branch would overwrite each other's for ever.
public struct JudgedBranch: Hashable, Sendable {
    private let host: String
    private let project: String
    private let branch: String

    /// Makes a place. Two forges of one address are one.
    public init(_ forge: ForgeSpec, project: String, branch: String) {
        let (address, ignoresCase) =
            switch forge.host {
            case .local(let spec): (spec.path, false)
            case .gerrit(let spec): (spec.url.lowercased(), false)
            case .gitLab(let spec): (spec.url.lowercased(), true)
            case .gitHub(let spec): (spec.url.lowercased(), true)
            case .gitee(let spec): (spec.url.lowercased(), true)
            }
        var host = Substring(address)
        while host.last == "/" { host.removeLast() }
        self.host = String(host)
        self.project = ignoresCase ? project.lowercased() : project
        self.branch = branch
    }
}
