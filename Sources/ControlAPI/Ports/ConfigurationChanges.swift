public import ConfigRepository
public import DesiredState
public import StateStore

/// What changed in desired state, newest first.
public protocol ConfigurationChanges: Sendable {
    /// Changes; those of one object when a key is given.
    func list(of key: ResourceKey?, page: PageRequest) async throws -> Page<ConfigurationChange>
    /// One change; nil when there is none.
    func change(_ id: Int64) async throws -> ConfigurationChange?
}

/// Takes what people apply themselves.
public protocol ConfigurationRequests: Sendable {
    /// Brings files into force, or shows what would change; as a whole or not at all.
    func apply(_ request: ConfigurationByHand.Request) async throws -> ConfigurationByHand.Outcome
}

extension ConfigurationByHand: ConfigurationRequests {}

/// The store's own record answers.
extension ConfigurationLog: ConfigurationChanges {}
