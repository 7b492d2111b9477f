/// The statements about the lock.
extension BooksLayout {
    /// The key of the advisory lock as SQL text: one for each table of changesets.
    private var lockKey: String { "hashtextextended(\(SQLValue.string("sluice changelog \(tableName)")), 0)" }

    /// Tries to take the advisory lock, and says who asks and which of the tables are there.
    ///
    /// A session that only holds a lock looks idle, and must not be ended for that.
    var tryLock: String {
        """
        SELECT pg_try_advisory_lock(\(lockKey)) AS taken, session_user::text AS login, \
        to_regclass(\(SQLValue.string(tableName))) IS NOT NULL AS books, \
        to_regclass(\(SQLValue.string(lockTableName))) IS NOT NULL AS lock, \
        CASE WHEN current_setting('idle_session_timeout', true) IS NOT NULL \
        THEN set_config('idle_session_timeout', '0', false) END
        """
    }

    /// The processes of the server whose sessions hold the advisory lock.
    var advisoryHolders: String {
        """
        SELECT pid FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 \
        AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) \
        AND ((classid::bigint << 32) | objid::bigint) = \(lockKey)
        """
    }

    /// Adds the one row of the lock when it is missing.
    var addLockRow: String {
        """
        INSERT INTO \(lockTableName) (ID, LOCKED) \
        SELECT 1, FALSE WHERE NOT EXISTS (SELECT FROM \(lockTableName) WHERE ID = 1)
        """
    }

    /// Takes the row under a condition; gives back what it says now.
    func takeLockRow(_ holder: String, where condition: String) -> String {
        """
        UPDATE \(lockTableName) SET LOCKED = TRUE, LOCKGRANTED = now(), LOCKEDBY = \(holder) \
        WHERE ID = 1 AND \(condition) RETURNING LOCKEDBY
        """
    }

    /// Gives the row back under a condition.
    func freeLockRow(where condition: String) -> String {
        """
        UPDATE \(lockTableName) SET LOCKED = FALSE, LOCKEDBY = NULL, LOCKGRANTED = NULL WHERE \(condition)
        """
    }

    /// Who holds the row, and for how many seconds; no row when nobody does.
    var lockRow: String {
        """
        SELECT LOCKEDBY, LOCKGRANTED::text AS since, \
        floor(extract(epoch FROM now()::timestamp - LOCKGRANTED))::bigint AS age \
        FROM \(lockTableName) WHERE ID = 1 AND LOCKED
        """
    }
}
