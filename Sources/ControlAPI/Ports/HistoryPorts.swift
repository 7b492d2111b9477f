public import DesiredState
public import StateStore

/// What was done: runs and their tasks, newest first.
public protocol RunDirectory: Sendable {
    /// Runs; an empty set of statuses means any.
    func runs(_ filter: HistoryFilter, statuses: Set<RunStatus>, page: PageRequest) async throws -> Page<Run>
    /// One run; nil when there is none.
    func run(_ id: Int64) async throws -> Run?
    /// What a run carried out; nil when nothing is known of it.
    func definition(ofRun id: Int64) async throws -> JSONValue?
    /// All tasks of a run, in the order of its plan.
    func tasks(ofRun id: Int64) async throws -> [RunTask]
    /// Tasks; an empty set of statuses means any.
    func tasks(_ filter: HistoryFilter, statuses: Set<TaskStatus>, page: PageRequest) async throws -> Page<RunTask>
}

/// The only way in which history goes.
public protocol HistoryRetention: Sendable {
    /// What a policy would have forgotten.
    func forgettable(_ policy: RetentionPolicy) async throws -> ForgettableHistory
    /// Forgets some of it; returns how many runs. Called again while it is `limit`.
    func forget(_ policy: RetentionPolicy, limit: Int) async throws -> Int
}

/// The store's own history answers.
extension RunHistory: RunDirectory, HistoryRetention {}

/// What happened to objects, newest first.
public protocol EventDirectory: Sendable {
    /// Events of one object, or of all.
    func list(of key: ResourceKey?, page: PageRequest) async throws -> Page<Event>
}

/// The store's own log answers.
extension EventLog: EventDirectory {}
