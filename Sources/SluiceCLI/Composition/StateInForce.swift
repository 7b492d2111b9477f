import DesiredState
import Diagnostics
import StateStore

/// The desired state that the controller goes by: the last that was read without a mistake.
struct StateInForce: Sendable, Equatable {
    private(set) var forges: [String: ForgeSpec] = [:]
    private(set) var servers: [String: DatabaseServerSpec] = [:]
    private(set) var registries: [String: RegistrySpec] = [:]

    /// Nothing.
    init() {}

    /// What was read.
    init(_ state: DesiredState) {
        for resource in state.resources { set(resource.spec, named: resource.name) }
    }

    /// What was stored by an earlier process. What cannot be read any more is left out: the directory will bring it.
    init(stored: [StoredResource]) {
        for resource in stored where resource.deletionRequestedAt == nil {
            guard let kind = ResourceKind(rawValue: resource.key.kind),
                let spec = try? ResourceSpec(kind: kind, json: resource.spec)
            else { continue }
            set(spec, named: resource.key.name)
        }
    }

    /// Whether nothing is desired.
    var isEmpty: Bool { forges.isEmpty && servers.isEmpty && registries.isEmpty }

    /// Whether any server is the controller's own.
    var needsPrivateServer: Bool { servers.values.contains { $0.source == .embedded } }

    private mutating func set(_ spec: ResourceSpec, named name: String) {
        switch spec {
        case .forge(let forge): forges[name] = forge
        case .databaseServer(let server): servers[name] = server
        case .registry(let registry): registries[name] = registry
        }
    }
}
