import Diagnostics
import PostgresClient

/// The lock that lets one update at a time work on a database.
///
/// It is two locks. The session advisory lock is the one that counts between Sluices: it goes with its session, so a
/// killed process never leaves it. It is polled and never waited for, because a waiting session would block
/// `CREATE INDEX CONCURRENTLY`. Liquibase's row is taken as well, so that Liquibase waits for Sluice and Sluice for
/// Liquibase; a row that a dead Sluice left says which session took it, and is taken over.
struct ChangelogLock {
    let connection: PostgresConnection
    let options: DeployerOptions

    /// What is found when the lock is taken.
    struct Opening {
        var books: Books
        var user: String
    }

    /// Takes the lock, creates the books when they are not there, and reads them.
    func acquire() async throws -> Opening {
        let deadline = ContinuousClock.now + options.lockWait
        let (user, missing) = try await acquireSession(until: deadline)
        do {
            if !missing.isEmpty { try await connection.runScript(missing.joined(separator: ";\n")) }
            while true {
                if let books = try await takeRow() { return Opening(books: books, user: user) }
                try await wait(until: deadline, holder: try await holder())
            }
        } catch {
            await Shielded.run { _ = try? await connection.execute(unlockSession) }
            throw error
        }
    }

    /// Gives the lock back. A broken session has lost it already.
    func release() async {
        let script = """
            UPDATE \(table) SET LOCKED = FALSE, LOCKEDBY = NULL, LOCKGRANTED = NULL WHERE ID = 1;
            \(unlockSession)
            """
        await Shielded.run { _ = try? await connection.execute(script) }
    }

    private var table: String { options.books.lockTableName }

    private var key: String { "hashtextextended(\(SQLValue.string("sluice changelog \(options.books.tableName)")), 0)" }

    private var unlockSession: String { "SELECT pg_advisory_unlock(\(key))" }

    /// Takes the advisory lock; returns the user, and the statements that create what is missing.
    private func acquireSession(until deadline: ContinuousClock.Instant) async throws -> (String, [String]) {
        let probe = """
            SELECT pg_try_advisory_lock(\(key)) AS taken, session_user::text AS login, \
            to_regclass(\(SQLValue.string(options.books.tableName))) IS NOT NULL AS books, \
            to_regclass(\(SQLValue.string(table))) IS NOT NULL AS lock
            """
        while true {
            let row = try await connection.execute(probe).single()
            if try row.bool("taken") {
                var missing: [String] = []
                if try !row.bool("lock") { missing += options.books.createLockTable }
                if try !row.bool("books") { missing.append(options.books.createTable) }
                return (try row.string("login"), missing)
            }
            try await wait(until: deadline, holder: try await sessionHolder())
        }
    }

    /// Takes the row and reads the books, in one round trip; nil when somebody else has the row.
    private func takeRow() async throws -> Books? {
        let results = try await connection.pipeline([
            PostgresStatement(
                "INSERT INTO \(table) (ID, LOCKED) SELECT 1, FALSE WHERE NOT EXISTS (SELECT FROM \(table))"),
            PostgresStatement("UPDATE \(table) SET \(settings) WHERE ID = 1 AND LOCKED = FALSE"),
            PostgresStatement(options.books.select),
        ])
        guard results.count == 3, results[1].affected > 0 else { return try await takeOver() }
        return Books(try results[2].map { try BookEntry($0) })
    }

    /// What the row says while Sluice has it: who, and which session of the server.
    private var settings: String {
        """
        LOCKED = TRUE, LOCKGRANTED = now(), LOCKEDBY = left(\(SQLValue.string(options.owner)) || ' [sluice pid=' || \
        pg_backend_pid() || ' start=' || (\(Self.start("pid = pg_backend_pid()"))) || ']', 255)
        """
    }

    private static func start(_ condition: String) -> String {
        "SELECT extract(epoch FROM backend_start)::text FROM pg_catalog.pg_stat_activity WHERE \(condition)"
    }

    /// Takes the row of a Sluice whose session is gone; nil when its holder may live.
    private func takeOver() async throws -> Books? {
        guard let holder = try await holder(), let session = Self.session(in: holder) else { return nil }
        let alive = "pid = \(session.pid) AND coalesce(extract(epoch FROM backend_start)::text = $2, true)"
        let taken = try await connection.query(
            """
            UPDATE \(table) SET \(settings) WHERE ID = 1 AND LOCKEDBY = $1 \
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity WHERE \(alive))
            """, [holder, session.start])
        guard taken.affected > 0 else { return nil }
        return Books(try await connection.execute(options.books.select).map { try BookEntry($0) })
    }

    /// The session that a row names, when Sluice wrote it.
    static func session(in holder: String) -> (pid: Int, start: String)? {
        guard let open = holder.firstRange(of: "[sluice pid=") else { return nil }
        let words = holder[open.upperBound...].dropLast(holder.hasSuffix("]") ? 1 : 0).split(separator: " ")
        guard words.count == 2, let pid = Int(words[0]), words[1].hasPrefix("start=") else { return nil }
        return (pid, String(words[1].dropFirst("start=".count)))
    }

    private func holder() async throws -> String? {
        try await connection.execute("SELECT LOCKEDBY FROM \(table) WHERE ID = 1 AND LOCKED").first?
            .optionalString("lockedby")
    }

    private func sessionHolder() async throws -> String? {
        let sql = """
            SELECT a.application_name || ' (pid ' || l.pid || ')' AS holder FROM pg_catalog.pg_locks l \
            LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
            WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_catalog.pg_database \
            WHERE datname = current_database()) AND l.objsubid = 1 \
            AND ((l.classid::bigint << 32) | l.objid::bigint) = \(key)
            """
        return try await connection.execute(sql).first?.optionalString("holder")
    }

    private func wait(until deadline: ContinuousClock.Instant, holder: String?) async throws {
        guard ContinuousClock.now < deadline else {
            throw SluiceError(
                "changelog.locked", .transient,
                "another update works on this database, and it did not end within \(options.lockWait)",
                hint: "when nothing works there any more, release-locks gives the lock back",
                detail: holder.map { "held by \($0)" })
        }
        try await Task.sleep(for: min(options.lockPoll, deadline - ContinuousClock.now))
    }
}
