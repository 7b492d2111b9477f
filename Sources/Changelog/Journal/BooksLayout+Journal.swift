/// The statements about the journal.
extension BooksLayout {
    /// The query for its entries.
    var selectJournal: String { "SELECT LOCKEDBY FROM \(lockTableName) WHERE ID > 1 AND NOT LOCKED ORDER BY ID" }

    /// Puts an entry in the place of an older one of the same changeset.
    func write(_ entry: JournalEntry) -> String {
        """
        \(removeJournal(of: entry.key));
        INSERT INTO \(lockTableName) (ID, LOCKED, LOCKEDBY) \
        SELECT coalesce(max(ID), 1) + 1, FALSE, \(SQLValue.string(entry.text)) FROM \(lockTableName)
        """
    }

    /// Removes the entry of a changeset.
    func removeJournal(of key: String) -> String {
        "DELETE FROM \(lockTableName) WHERE ID > 1 AND starts_with(LOCKEDBY, '\(JournalEntry.prefix(of: key))')"
    }
}
