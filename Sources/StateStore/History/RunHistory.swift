import PostgresClient

/// Runs and tasks: what was done, to what, for which revision, when, and with what outcome.
///
/// The whole plan of a run is recorded before its first task is begun, so that a run which died says what it was about
/// to do. A pass with nothing to do leaves no run. Every write is made under a ``Lease`` and refused, with nothing
/// written, when the lease was taken over.
public struct RunHistory: Sendable {
    let pool: PostgresPool
}

/// What is known of a run when it begins.
public struct NewRun: Hashable, Sendable {
    /// The tasks, in the order in which they will be carried out.
    public var tasks: [PlannedTask]
    /// The revision worked on; a newer one cancels the run.
    public var revision: String?
    /// The generation of the object's spec worked on.
    public var generation: Int64?

    /// Makes a run.
    public init(tasks: [PlannedTask], revision: String? = nil, generation: Int64? = nil) {
        self.tasks = tasks
        self.revision = revision
        self.generation = generation
    }
}
