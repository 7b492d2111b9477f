import AccessControl
import ConfigRepository
import DesiredState

/// The desired state that the controller goes by: the last that was read without a mistake.
struct StateInForce: Sendable, Equatable {
    private(set) var forges: [String: ForgeSpec] = [:]
    private(set) var servers: [String: DatabaseServerSpec] = [:]
    private(set) var registries: [String: RegistrySpec] = [:]
    private(set) var controlRepositories: [String: ControlRepositorySpec] = [:]
    private(set) var releases: [String: ReleaseSpec] = [:]
    private(set) var upstreams: [String: UpstreamSpec] = [:]
    private(set) var channels: [String: NotificationChannelSpec] = [:]
    /// Who may do what.
    private(set) var access = AccessRules()

    /// Nothing.
    init() {}

    /// What is in force. What cannot be read any more is left out: the source will bring it.
    init(_ resources: [ResourceInForce]) {
        let readable = resources.compactMap(\.resource)
        for resource in readable { set(resource.spec, named: resource.name) }
        access = AccessRules(
            readable,
            hasUnreadableBindings: resources.contains {
                $0.resource == nil && $0.key.kind == ResourceKind.roleBinding.rawValue
            })
    }

    /// How many objects there are, but for who may do what.
    var count: Int {
        forges.count + servers.count + registries.count + controlRepositories.count + releases.count + upstreams.count
            + channels.count
    }

    /// Whether nothing is desired.
    var isEmpty: Bool { count == 0 && access.isEmpty }

    /// What is reconciled, in order, each with the interval that it says itself.
    var reconciled: [(key: ResourceKey, interval: Duration?)] {
        func keys<Spec>(_ specs: [String: Spec], _ kind: ResourceKind, _ interval: (Spec) -> Duration?) -> [(
            key: ResourceKey, interval: Duration?
        )] {
            specs.sorted { $0.key < $1.key }.map {
                (ResourceKey(kind: kind.rawValue, name: $0.key), interval($0.value))
            }
        }
        return keys(registries, .registry, \.interval)
            + keys(controlRepositories, .controlRepository, \.drift.interval) + keys(releases, .release) { _ in nil }
            + keys(upstreams, .upstream, \.interval) + keys(channels, .notificationChannel) { _ in nil }
    }

    /// Whether any server is the controller's own.
    var needsPrivateServer: Bool { servers.values.contains { $0.source == .embedded } }

    private mutating func set(_ spec: ResourceSpec, named name: String) {
        switch spec {
        case .forge(let forge): forges[name] = forge
        case .databaseServer(let server): servers[name] = server
        case .registry(let registry): registries[name] = registry
        case .controlRepository(let repository): controlRepositories[name] = repository
        case .release(let release): releases[name] = release
        case .upstream(let upstream): upstreams[name] = upstream
        case .notificationChannel(let channel): channels[name] = channel
        case .roleBinding: break
        }
    }
}
