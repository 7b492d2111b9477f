/// What of a module is taken.
///
/// A pin is static when the module cannot change without a commit in the control repository, and moving otherwise. Of a
/// release whose pins move, nobody can say what was promoted.
public enum ModulePin: Hashable, Sendable {
    /// A version of the Forge.
    case version(String)
    /// A commit, 40 digits.
    case commit(String)
    /// A tag. It counts as static, as by r10k, although whoever may push to the module may move it.
    case tag(String)
    /// A revision of Subversion.
    case revision(String)
    /// An archive's SHA-256.
    case digest(String)
    /// What lies in the control repository itself.
    case committed

    /// A branch's head.
    case branch(String)
    /// What `:ref` says, when that is no whole commit: branch, tag or part of a commit.
    case reference(String)
    /// The branch that is called as the control repository's own, or else another one.
    case controlBranch(fallback: String?)
    /// The branch that is taken when nothing else is said.
    case defaultBranch(String)
    /// The newest version at each deploy.
    case latest
    /// Whatever there is at the first deploy.
    case unspecified

    /// Whether the module can change without a commit in the control repository.
    public var isMoving: Bool {
        switch self {
        case .version, .commit, .tag, .revision, .digest, .committed: false
        case .branch, .reference, .controlBranch, .defaultBranch, .latest, .unspecified: true
        }
    }
}

extension ModulePin: CustomStringConvertible {
    /// The pin in a few words: `8.5.0`, `tag v1.2`, `branch main`.
    public var description: String {
        switch self {
        case .version(let version): version
        case .commit(let commit): commit
        case .tag(let tag): "tag \(tag)"
        case .revision(let revision): "revision \(revision)"
        case .digest(let digest): "sha256 \(digest)"
        case .committed: "in the repository"
        case .branch(let branch): "branch \(branch)"
        case .reference(let reference): "ref \(reference)"
        case .controlBranch(let fallback): "the control branch" + (fallback.map { ", or \($0)" } ?? "")
        case .defaultBranch(let branch): "default branch \(branch)"
        case .latest: "latest"
        case .unspecified: "no pin"
        }
    }
}
