public import DesiredState

/// Where wishes that something be looked at go. They are hints: the sweep would find it anyway.
public protocol ReconcileRequests: Sendable {
    /// Asks for one object to be looked at, because a person did. Returns the pass that will answer, to be found again
    /// in ``StateStore/Run/pass``.
    func reconcile(_ key: ResourceKey) async throws -> Int64
    /// Asks for everything that a project of a local forge concerns to be looked at. A project that concerns nothing is
    /// no error.
    func projectChanged(_ project: String) async throws
}
