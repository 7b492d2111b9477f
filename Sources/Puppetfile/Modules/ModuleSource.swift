/// Where a module comes from.
public enum ModuleSource: Hashable, Sendable {
    /// The Puppet Forge.
    case forge
    /// A git repository. Its address may hold a password: show it through ``shownAddress``.
    case git(address: String)
    /// A Subversion repository.
    case subversion(address: String)
    /// An archive.
    case tarball(address: String)
    /// The control repository itself.
    case local

    /// The kinds of sources, by the words of r10k.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case forge, git, svn, tarball, local
    }

    /// What kind of source it is.
    public var kind: Kind {
        switch self {
        case .forge: .forge
        case .git: .git
        case .subversion: .svn
        case .tarball: .tarball
        case .local: .local
        }
    }

    /// The address; nil when the kind says it all.
    public var address: String? {
        switch self {
        case .git(let address), .subversion(let address), .tarball(let address): address
        case .forge, .local: nil
        }
    }
}
