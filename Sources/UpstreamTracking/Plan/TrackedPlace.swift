public import DesiredState

/// Where the branch, the issue and the merge request of an upstream are. A number of a merge request says nothing elsewhere.
public struct TrackedPlace: Codable, Hashable, Sendable {
    /// The code host of the package, by its name.
    public let forge: String
    /// The project.
    public let project: String
    /// The branch that the merge request goes into.
    public let branch: String
    /// Upstream's branch, which names the one that the merge request comes from.
    public let source: String

    /// Where they are when this is desired.
    public init(_ spec: UpstreamSpec) {
        forge = spec.package.forge
        project = spec.package.project
        branch = spec.package.branch
        source = spec.source.branch
    }

    /// The branch that carries the patches of an upstream. Nobody else makes branches below `patch-tracking/`.
    func patches(of name: String) -> String { "patch-tracking/\(name)/\(source)" }

    /// What was desired when they were made here, as far as it matters for taking them away.
    func spec(_ spec: UpstreamSpec) -> UpstreamSpec {
        UpstreamSpec(
            source: UpstreamSource(place: spec.source.place, branch: source, start: spec.source.start),
            package: TrackedPackage(forge: forge, project: project, branch: branch, sources: spec.package.sources),
            labels: spec.labels, removal: spec.removal)
    }
}
