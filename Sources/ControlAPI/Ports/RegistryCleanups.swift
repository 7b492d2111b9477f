public import Reconciliation

/// Takes down what is held for a registry, after showing it.
public protocol RegistryCleanups: Sendable {
    /// What would be taken down. Throws `registry.unknown` when there is neither such a registry nor anything of it.
    func preview(_ registry: String) async throws -> PlanPreview
    /// Asks for it to be taken down. Returns the kind of the object that does it and the pass that will answer.
    ///
    /// - Parameter steps: How many steps the person has seen and agreed to. Throws `cleanup.outdated` when there are
    ///   more by now.
    func cleanUp(_ registry: String, agreedTo steps: Int) async throws -> (kind: String, pass: Int64)
}
