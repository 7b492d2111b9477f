public import DesiredState
public import Forges
public import GitClient

/// The inflow: new commits of an upstream branch become a patch series for a package, one issue and one merge request.
///
/// What is decided is in ``TrackingPlan``, which is pure; ``UpstreamReconciler`` carries it out, and finds what it did by
/// looking at branches, issues and merge requests. How commits become patches is the matter of `PatchSeries`. This module
/// must not know of HTTP, of the command line or of other domains; it talks to the package's code host through
/// ``TrackingForge``, and gets at commits through ``UpstreamDirectory``.
public struct Tracking: Sendable {
    /// The upstream's name in the desired state.
    public let name: String
    /// What is desired.
    public let spec: UpstreamSpec
    /// The code host of the package.
    public let forge: any TrackingForge
    /// Where upstream shows a commit to people, up to the commit's id; nil when nobody knows.
    public let commitPage: String?

    /// Makes a tracking of its parts.
    public init(name: String, spec: UpstreamSpec, forge: any TrackingForge, commitPage: String? = nil) {
        self.name = name
        self.spec = spec
        self.forge = forge
        self.commitPage = commitPage
    }

    /// The package's project.
    var project: ProjectRef { get throws { try ProjectRef(spec.package.project) } }

    /// The branch that carries the patches.
    var branch: RefName { get throws { try .branch(TrackedPlace(spec).patches(of: name)) } }

    /// What the issue is found again by.
    var marker: Marker { get throws { try Marker("upstream/\(name)") } }
}

/// What a tracking needs of the package's code host.
public typealias TrackingForge = BranchKeeping & MergeRequestKeeping & IssueKeeping & CommitStatusKeeping

/// Where trackings are learned of, and how to get at the commits. The composition implements it.
public protocol UpstreamDirectory: Sendable {
    /// An upstream that is desired now; nil when none of that name is.
    func tracking(named name: String) async throws -> Tracking?

    /// One that was desired with this spec and is no more; nil when its code host is not desired either.
    func tracking(named name: String, as spec: UpstreamSpec) async throws -> Tracking?

    /// Upstream's repository on this machine, with the followed branch as `refs/heads/…`. Commits that were there once stay.
    /// - Parameter age: How long ago it may have stood so.
    func upstream(of tracking: Tracking, age: Duration) async throws -> GitMirror

    /// The package's repository on this machine, with all branches.
    /// - Parameter age: How long ago they may have stood so.
    func package(of tracking: Tracking, age: Duration) async throws -> GitMirror

    /// Moves branches of the package, each only from where it is said to stand, to commits of the mirror.
    /// - Throws: `git.reference-moved`, `git.push-rejected`.
    func push(_ updates: [ReferenceUpdate], from mirror: GitMirror, to tracking: Tracking) async throws
}
