import DesiredState

/// A project on a forge, with what is looked at when something happens there.
struct WatchedProject: Sendable, Hashable {
    /// The forge by name.
    let forge: String
    /// The project, as the manifest writes it.
    let name: String
    /// What is looked at.
    let keys: [ResourceKey]
}

extension StateInForce {
    /// The projects of registries, of control repositories with their releases, and of upstreams and their packages.
    var projects: [WatchedProject] {
        registries.sorted { $0.key < $1.key }.map { name, spec in
            WatchedProject(
                forge: spec.forge, name: spec.project,
                keys: [ResourceKey(kind: ResourceKind.registry.rawValue, name: name)])
        }
            + controlRepositories.sorted { $0.key < $1.key }.map { name, spec in
                WatchedProject(
                    forge: spec.forge, name: spec.project,
                    keys: [ResourceKey(kind: ResourceKind.controlRepository.rawValue, name: name)]
                        + releases.filter { $0.value.repository == name }.keys.sorted()
                        .map { ResourceKey(kind: ResourceKind.release.rawValue, name: $0) })
            }
            + upstreams.sorted { $0.key < $1.key }.flatMap { name, spec in
                let keys = [ResourceKey(kind: ResourceKind.upstream.rawValue, name: name)]
                let package = WatchedProject(forge: spec.package.forge, name: spec.package.project, keys: keys)
                guard case .project(let forge, let project) = spec.source.place else { return [package] }
                return [package, WatchedProject(forge: forge, name: project, keys: keys)]
            }
    }
}
