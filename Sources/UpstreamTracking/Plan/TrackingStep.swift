import DesiredState
public import Reconciliation
public import StateStore

/// An action of an upstream's plan with what it is done to.
///
/// The history keeps the latest run that did something to a target, whatever its age. So a target is something that lasts: the
/// upstream, or the package's branch that carries its patches. A commit, a title or a number is there once, and is a detail.
public struct TrackingStep: PlannedAction, Hashable {
    /// What is done.
    public let action: TrackingAction
    /// The upstream's name.
    let name: String
    /// Where its branch, issue and merge request are.
    let place: TrackedPlace

    /// What is recorded of it.
    public var task: PlannedTask {
        PlannedTask(
            action.word,
            target: action.isInward
                ? ResourceKey(kind: ResourceKind.upstream.rawValue, name: name).description
                : "\(place.project):\(place.patches(of: name))",
            details: action.details)
    }
}
