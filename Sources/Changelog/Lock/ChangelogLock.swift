import Diagnostics
import PostgresClient

/// The lock that lets one update at a time work on a database.
///
/// It is two locks. The session advisory lock is the one that counts between Sluices: it goes with its session, so a
/// killed process never leaves it. It is held by a session of its own, which no changelog can make give it up, and it is
/// polled and never waited for, because a waiting session would block `CREATE INDEX CONCURRENTLY`. Liquibase's row is
/// taken as well, so that Liquibase waits for Sluice and Sluice for Liquibase.
///
/// Where the advisory lock is free and a Sluice stands in the row, that one is dead, but the server may still be at its
/// last statement. The row names the session, and is taken over when that is gone. A row of Liquibase is waited for, and
/// never cleared because it is old.
struct ChangelogLock {
    /// The session that will deploy.
    let deploying: PostgresConnection
    let options: DeployerOptions

    /// Takes the lock, creates the books when they are not there, and reads them.
    func acquire() async throws -> HeldLock {
        let token = options.token()
        // The row is held for moments only; whoever holds it longer has a transaction open that may never end.
        let guardian = try await PostgresConnection.open(
            deploying.configuration.with(applicationName: "lock \(token) of \(options.owner)")
                .with(settings: ["lock_timeout": "1s"]))
        do {
            var waiting = LockWait(options)
            while true {
                if let held = try await tryAcquire(guardian, token) { return held }
                try await waiting.pause { try await LockReport.text(books, on: guardian) }
            }
        } catch {
            await Shielded.run { await close(guardian) }
            throw error
        }
    }

    /// Gives the lock back. What a broken session cannot give back is taken over by whoever comes next.
    func release(_ held: HeldLock) async {
        let (statement, deploying) = (books.freeLockRow(where: held.fence.condition), deploying)
        await Shielded.run {
            do {
                try await held.guardian.execute(statement, deadline: .seconds(10))
            } catch {
                _ = try? await deploying.execute(statement, deadline: .seconds(10))
            }
            await close(held.guardian)
        }
    }

    /// Ends the session that holds the advisory lock. The server would free it a moment after its client has gone;
    /// whoever looks at once must find it free.
    private func close(_ guardian: PostgresConnection) async {
        _ = try? await guardian.execute("SELECT pg_advisory_unlock_all()", deadline: .seconds(5))
        await guardian.close()
    }

    private var books: BooksLayout { options.books }

    private func tryAcquire(_ guardian: PostgresConnection, _ token: String) async throws -> HeldLock? {
        let row = try await guardian.execute(books.tryLock).single()
        guard try row.bool("taken") else { return nil }
        var missing: [String] = []
        if try !row.bool("lock") { missing += books.createLockTable }
        if try !row.bool("books") { missing.append(books.createTable) }
        if !missing.isEmpty { try await guardian.runScript(([Self.unsynced] + missing).joined(separator: ";\n")) }
        let user = try row.string("login")
        do {
            // The advisory lock is kept when somebody has the row: whoever comes later stands behind.
            guard let taken = try await takeRow(guardian, token) else { return nil }
            let scribe = await AttemptScribe(options, run: token, connection: guardian)
            if let predecessor = taken.predecessor {
                await scribe.note(.tookOver) { $0.message = "run \(predecessor.token) of \(predecessor.owner) is dead" }
            }
            return HeldLock(
                guardian: guardian, watch: BlockageWatch(deploying.processID, through: guardian), scribe: scribe,
                fence: Fence(holder: taken.holder, table: books.lockTableName, token: token), books: taken.books,
                journal: taken.journal, user: user)
        } catch let error as PostgresError where error.sqlState == "55P03" {
            // A transaction keeps the row as it is, as our own do.
            return nil
        }
    }

    private struct Taken {
        var holder: String
        var books: Books
        var journal: [String: JournalEntry]
        var predecessor: LockHolder?

        init(
            _ holder: PostgresRow, _ books: PostgresRows, _ journal: PostgresRows, after predecessor: LockHolder? = nil
        )
            throws
        {
            self.holder = try holder.string(0)
            self.books = Books(try books.map { try BookEntry($0) })
            let entries = try journal.compactMap { JournalEntry(try $0.optionalString(0) ?? "") }
            self.journal = Dictionary(entries.map { ($0.key, $0) }) { _, last in last }
            self.predecessor = predecessor
        }
    }

    /// Takes the row and reads the books, in one round trip; nil when somebody else has the row.
    private func takeRow(_ guardian: PostgresConnection, _ token: String) async throws -> Taken? {
        let holder = LockHolder.expression(owner: options.owner, token: token, processID: deploying.processID)
        let results = try await guardian.pipeline([
            PostgresStatement(books.addLockRow), PostgresStatement(Self.unsynced),
            PostgresStatement(books.takeLockRow(holder, where: "LOCKED = FALSE")),
            PostgresStatement(books.select), PostgresStatement(books.selectJournal),
        ])
        guard results.count == 5, let row = results[2].first else { return try await takeOver(guardian, holder) }
        return try Taken(row, results[3], results[4])
    }

    /// For one transaction: that the lock is taken need not be on the disk, as whoever crashes with the server holds it no
    /// more. That it was given back is, in the way the operator has chosen: Liquibase waits for a row that says otherwise.
    private static let unsynced = "SELECT set_config('synchronous_commit', 'off', true)"

    /// Takes the row of a Sluice whose session is gone; nil when it lives, or when it is no Sluice.
    private func takeOver(_ guardian: PostgresConnection, _ holder: String) async throws -> Taken? {
        guard let text = try await guardian.execute(books.lockRow).first?.optionalString("lockedby"),
            let predecessor = LockHolder(text)
        else { return nil }
        let condition = """
            LOCKEDBY = \(SQLValue.string(text)) \
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity WHERE \(predecessor.isSession))
            """
        guard let row = try await guardian.execute(books.takeLockRow(holder, where: condition)).first else {
            return nil
        }
        let entries = try await guardian.execute(books.select)
        let journal = try await guardian.execute(books.selectJournal)
        return try Taken(row, entries, journal, after: predecessor)
    }
}
