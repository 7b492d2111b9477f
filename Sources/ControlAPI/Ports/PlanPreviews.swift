public import DesiredState
public import Reconciliation

/// What would be done about an object now.
public protocol PlanPreviews: Sendable {
    /// Observes and plans; changes nothing.
    func preview(_ key: ResourceKey) async throws -> PlanPreview
}

/// The engine answers by asking the object's reconciler.
extension Engine: PlanPreviews {}
