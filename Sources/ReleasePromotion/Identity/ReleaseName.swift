public import DesiredState
import GitClient

/// Who a release is, in every place where the world remembers it.
public struct ReleaseName: Hashable, Sendable {
    /// The control repository's name.
    public let repository: String
    /// The release's name.
    public let release: String

    /// Names a release.
    public init(repository: String, release: String) {
        self.repository = repository
        self.release = release
    }

    /// The key under which it is stored and queued.
    public var key: ResourceKey { ResourceKey(kind: ResourceKind.release.rawValue, name: release) }
}

extension ReleaseName: CustomStringConvertible {
    /// `puppet/edge-2026-02`.
    public var description: String { "\(repository)/\(release)" }
}

/// What a short-lived branch is for.
public enum ShortLivedKind: String, Hashable, Sendable, CaseIterable, Codable {
    /// It carries a release into a branch.
    case promo
    /// It carries a revert into a branch.
    case revert
    /// It carries reverts on from branch to branch.
    case sync
}

extension ReleaseName {
    /// The branch that carries something of this release into `target`: `promo_edge-2026-02_zone01`.
    ///
    /// The name of a release has no `_`, so that no two of them make the same name. r10k passes over branches by prefix.
    func shortLived(_ kind: ShortLivedKind, into target: String) throws -> RefName {
        try .branch("\(kind.rawValue)_\(release)_\(target)")
    }

    /// The branch that a short-lived one of this release carries something into, by its name alone; nil for other branches.
    func target(ofShortLived branch: String) -> String? {
        let prefixes = ShortLivedKind.allCases.map { "\($0.rawValue)_\(release)_" }
        return prefixes.first { branch.utf8.starts(with: $0.utf8) }
            .map { String(decoding: branch.utf8.dropFirst($0.utf8.count), as: UTF8.self) }
    }
}
