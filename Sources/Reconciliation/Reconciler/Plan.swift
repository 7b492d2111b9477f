public import DesiredState
public import StateStore

/// One effect that a reconciler can have, as a value: usually a case of the domain's own enumeration.
public protocol PlannedAction: Sendable {
    /// How it is shown and recorded. Its ``PlannedTask/action`` names the failpoints around it.
    var task: PlannedTask { get }
}

extension PlannedTask: PlannedAction {
    /// Itself: for reconcilers that need no enumeration of their own.
    public var task: PlannedTask { self }
}

/// What a reconciler decided to do: an ordered list of actions, and how the object stands once they are done.
public struct Plan<Action: Sendable>: Sendable {
    /// The actions, in order. Without any, the pass leaves no run in the history.
    public var actions: [Action]
    /// The revision that the actions are about; a newer one cancels them.
    public var revision: String?
    /// The lane that is fit to carry the actions out. A pass in another lane hands over instead of acting.
    public var lane: Lane?
    /// How the object stands once the actions are done.
    public var result: ReconcileResult

    /// Makes a plan.
    public init(_ actions: [Action], revision: String? = nil, in lane: Lane? = nil, then result: ReconcileResult) {
        self.actions = actions
        self.revision = revision
        self.lane = lane
        self.result = result
    }
}

extension Plan: Equatable where Action: Equatable {}

extension Plan {
    /// The plan with its actions in another form.
    public func map<Other>(_ transform: (Action) -> Other) -> Plan<Other> {
        Plan<Other>(actions.map(transform), revision: revision, in: lane, then: result)
    }
}

/// A plan as it is shown: what would be done now, and how the object would stand.
public struct PlanPreview: Hashable, Sendable {
    /// The object.
    public let key: ResourceKey
    /// The revision the plan is about.
    public let revision: String?
    /// What would be done, in order.
    public let tasks: [PlannedTask]
    /// How the object would stand.
    public let result: ReconcileResult

    /// Makes a preview of its parts.
    public init(key: ResourceKey, revision: String?, tasks: [PlannedTask], result: ReconcileResult) {
        self.key = key
        self.revision = revision
        self.tasks = tasks
        self.result = result
    }

    /// Makes the preview of a plan.
    public init(_ plan: Plan<some PlannedAction>, for key: ResourceKey) {
        self.init(key: key, revision: plan.revision, tasks: plan.actions.map(\.task), result: plan.result)
    }
}
