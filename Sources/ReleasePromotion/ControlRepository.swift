public import DesiredState
public import Forges
public import GitClient

/// The outflow: a release of a Puppet control repository is rehearsed, merged from stage to stage and into the zones, and
/// taken back.
///
/// What is decided is in `Diagnosis`, `ReleasePlan` and `ReleaseDesk`, which are pure; ``ReleaseReconciler`` is the only
/// one who merges, and finds what it did by looking at the branches. This module must not know of HTTP, of the command line
/// or of other domains; it talks to the code host through ``ReleaseForge``, and learns of its repositories and gets at their commits
/// through ``ControlDirectory``.
public struct ControlRepository: Sendable {
    /// The repository's name in the desired state.
    public let name: String
    /// What is desired.
    public let spec: ControlRepositorySpec
    /// The code host.
    public let forge: any ReleaseForge

    /// Makes a repository of its parts.
    public init(name: String, spec: ControlRepositorySpec, forge: any ReleaseForge) {
        self.name = name
        self.spec = spec
        self.forge = forge
    }

    /// The project on the code host.
    var project: ProjectRef { get throws { try ProjectRef(spec.project) } }
}

/// What a release needs of a code host: short-lived branches, and merge requests from them.
public typealias ReleaseForge = BranchKeeping & MergeRequestKeeping

/// Where releases learn of their repositories and get at the commits. The composition implements it.
public protocol ControlDirectory: Sendable {
    /// A control repository that is desired now; nil when none of that name is.
    func controlRepository(named name: String) async throws -> ControlRepository?

    /// The repository on this machine, with all branches as `refs/heads/…` as they stand on the code host at this moment.
    func mirror(of repository: ControlRepository) async throws -> GitMirror

    /// Whether another release of the repository that goes on, or is to begin, names a branch as its source.
    func isSource(_ branch: String, of repository: ControlRepository, beside release: String) async throws -> Bool

    /// Moves branches on the code host, each only from where it is said to stand, to commits of the mirror.
    /// - Throws: `git.reference-moved`, `git.push-rejected`.
    func push(_ updates: [ReferenceUpdate], from mirror: GitMirror, to repository: ControlRepository) async throws
}

extension ControlDirectory {
    /// Whether a directory that knows of no other releases knows one.
    public func isSource(
        _ branch: String, of repository: ControlRepository, beside release: String
    ) async throws -> Bool { false }
}

extension GitMirror {
    /// Where all branches stand, by their names.
    func heads() throws -> [String: ObjectID] {
        Dictionary(
            try references(under: "refs/heads/").targets.compactMap { name, id in name.branchName.map { ($0, id) } },
            uniquingKeysWith: { first, _ in first })
    }
}
