import PostgresClient

/// The lock while it is held, and what was found when it was taken.
struct HeldLock: Sendable {
    /// The session that holds the advisory lock and does nothing else, but look what blocks the one that deploys.
    let guardian: PostgresConnection
    /// What sees who stands in the way of the deploy.
    let watch: BlockageWatch
    /// What notes the attempts of this run.
    let scribe: AttemptScribe
    /// What checks in each transaction that the lock is still held.
    let fence: Fence
    /// What the books said.
    let books: Books
    /// What the journal said of changesets that are applied in part, by their keys.
    let journal: [String: JournalEntry]
    /// The role that logged in.
    let user: String

    /// What the journal said of a changeset that is applied in part.
    func partial(_ prepared: PreparedChangeSet) -> JournalEntry? {
        // Most journals are empty, and a key is a digest.
        journal.isEmpty ? nil : journal[JournalEntry.key(of: prepared.identity)]
    }
}
