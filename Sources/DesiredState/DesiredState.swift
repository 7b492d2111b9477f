public import Diagnostics

/// Everything that a config repository says should be, read and checked as a whole.
///
/// This module knows the kinds of resources, how they are written, and what makes them valid on their own and
/// together. It must not know where the files come from, what the world looks like, or what is done about a
/// difference: it has no clock, no network and no database.
public struct DesiredState: Hashable, Sendable {
    /// The resources of all kinds, ordered by key.
    public let resources: [Resource<ResourceSpec>]
    /// What is worth knowing about the files though nothing was refused.
    public let warnings: [Diagnostic]

    /// Makes a desired state of resources that were checked together.
    init(resources: [Resource<ResourceSpec>], warnings: [Diagnostic]) {
        self.resources = resources.sorted { $0.key < $1.key }
        self.warnings = warnings
    }

    /// The desired state in which there is nothing.
    public static let empty = DesiredState(resources: [], warnings: [])

    /// The forges, ordered by name.
    public var forges: [Resource<ForgeSpec>] { resources.compactMap { $0.compactMap(\.forge) } }

    /// The database servers, ordered by name.
    public var databaseServers: [Resource<DatabaseServerSpec>] {
        resources.compactMap { $0.compactMap(\.databaseServer) }
    }

    /// The registries, ordered by name.
    public var registries: [Resource<RegistrySpec>] { resources.compactMap { $0.compactMap(\.registry) } }

    /// The control repositories, ordered by name.
    public var controlRepositories: [Resource<ControlRepositorySpec>] {
        resources.compactMap { $0.compactMap(\.controlRepository) }
    }

    /// The releases, ordered by name.
    public var releases: [Resource<ReleaseSpec>] { resources.compactMap { $0.compactMap(\.release) } }

    /// The upstreams, ordered by name.
    public var upstreams: [Resource<UpstreamSpec>] { resources.compactMap { $0.compactMap(\.upstream) } }

    /// Who may do what, ordered by name.
    public var roleBindings: [Resource<RoleBindingSpec>] { resources.compactMap { $0.compactMap(\.roleBinding) } }

    /// Where people are told of what happens, ordered by name.
    public var notificationChannels: [Resource<NotificationChannelSpec>] {
        resources.compactMap { $0.compactMap(\.notificationChannel) }
    }

    /// The resource of a key, nil when nothing of that name should be.
    public subscript(key: ResourceKey) -> Resource<ResourceSpec>? { resources.first { $0.key == key } }
}
