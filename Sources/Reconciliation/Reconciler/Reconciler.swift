public import DesiredState

/// Brings objects of one kind to where they should be.
///
/// `reconcile` is handed a key, never an event: it reads the world, decides, acts, and may be called at any time, any number
/// of times, on any replica, also after a process died half way through the call before. So every effect is found again
/// by looking before it is had again.
///
/// Most reconcilers are a ``PlanningReconciler``, which fixes the shape observe → plan → apply.
public protocol Reconciler: Sendable {
    /// The kind of the keys it is called with.
    var kind: String { get }

    /// Brings one object a step or all the way to where it should be.
    ///
    /// Thrown errors are retried by their `SluiceError.Kind`; see ``RetryPolicy``. Must stop soon after its task is
    /// cancelled, which means that something newer came or that the controller is stopping.
    func reconcile(_ request: ReconcileRequest, in context: ReconcileContext) async throws -> ReconcileResult

    /// What ``reconcile(_:in:)`` would do now. Changes nothing in the world.
    func preview(_ request: ReconcileRequest) async throws -> PlanPreview

    /// After how long an object is looked at again although nothing asked for it; nil for never. Jitter is added.
    func resyncInterval(of key: ResourceKey) -> Duration?
}

extension Reconciler {
    /// Never.
    public func resyncInterval(of key: ResourceKey) -> Duration? { nil }
}
