public import DesiredState
public import StateStore

/// What was done: runs and their tasks, newest first.
public protocol RunDirectory: Sendable {
    /// Runs; an empty set of statuses means any.
    func runs(_ filter: HistoryFilter, statuses: Set<RunStatus>, page: PageRequest) async throws -> Page<Run>
    /// One run; nil when there is none.
    func run(_ id: Int64) async throws -> Run?
    /// Tasks; an empty set of statuses means any.
    func tasks(_ filter: HistoryFilter, statuses: Set<TaskStatus>, page: PageRequest) async throws -> Page<RunTask>
}

/// The store's own history answers.
extension RunHistory: RunDirectory {}

/// What happened to objects, newest first.
public protocol EventDirectory: Sendable {
    /// Events of one object, or of all.
    func list(of key: ResourceKey?, page: PageRequest) async throws -> Page<Event>
}

/// The store's own log answers.
extension EventLog: EventDirectory {}
