import PostgresClient

/// The lock while it is held, and what was found when it was taken.
struct HeldLock: Sendable {
    /// The session that holds the advisory lock and does nothing else, but look what blocks the one that deploys.
    let guardian: PostgresConnection
    /// What checks in each transaction that the lock is still held.
    let fence: Fence
    /// What the books said.
    let books: Books
    /// The role that logged in.
    let user: String
    /// The dead run whose lock was taken over; nil when it was free.
    let predecessor: LockHolder?
}
