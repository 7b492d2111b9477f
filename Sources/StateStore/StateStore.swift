public import PostgresClient

/// The controller's memory: objects, the work queue, the history of runs and tasks, events and webhooks, in PostgreSQL.
///
/// Losing it loses history, never correctness: everything that decides is found again by looking at the world. The store
/// knows keys, specs and statuses as JSON; it must not know a domain, nor when or why something is worked on: that is
/// the engine's (`Reconciliation`).
///
/// Any number of replicas may use one store. What keeps them apart is in the rows: leases with fencing numbers, and
/// the database's clock.
///
/// ## Topics
/// - ``queue``: what is to be looked at, and who does it
/// - ``turns``: whose turn it is where one may act at a time
/// - ``history``: runs and tasks
/// - ``resources``: desired objects with their status
/// - ``events``: what happened to an object, for people
/// - ``configuration``: what changed in desired state, by which commit
/// - ``orders``: what people have asked of objects, once
/// - ``deliveries``: webhooks that came, and what became of them
/// - ``notices``: who is told of events, and what became of it
/// - ``tokens``: the tokens that people made
/// - ``audit``: what people did and were refused
public struct StateStore: Sendable {
    /// The connections everything goes through.
    public let pool: PostgresPool

    /// Makes a store; deploy its schema with ``migrate()`` before anything else.
    public init(pool: PostgresPool) { self.pool = pool }

    /// Which installation this is: the same for all replicas, and for every copy of the database.
    public func installation() async throws -> String {
        try await pool.query("SELECT id FROM sluice.installation").single().string("id")
    }

    /// What is to be looked at, and who does it.
    public var queue: WorkQueue { WorkQueue(pool: pool) }
    /// Whose turn it is where one may act at a time.
    public var turns: TurnTable { TurnTable(pool: pool) }
    /// Runs and tasks.
    public var history: RunHistory { RunHistory(pool: pool) }
    /// Desired objects with their status.
    public var resources: ResourceTable { ResourceTable(pool: pool) }
    /// What happened to an object, for people.
    public var events: EventLog { EventLog(pool: pool) }
    /// What changed in desired state.
    public var configuration: ConfigurationLog { ConfigurationLog(pool: pool) }
    /// What people have asked of objects, once.
    public var orders: OrderBook { OrderBook(pool: pool) }
    /// Webhooks that came, and what became of them; kept by a ``DeliveryIntake``.
    public var deliveries: DeliveryLog { DeliveryLog(pool: pool) }
    /// Who is told of events, and what became of it.
    public var notices: NoticeOutbox { NoticeOutbox(pool: pool) }
    /// The tokens that people made.
    public var tokens: TokenTable { TokenTable(pool: pool) }
    /// What people did and were refused.
    public var audit: AuditLog { AuditLog(pool: pool) }
}
