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
            await guardian.close()
            throw error
        }
    }

    /// Gives the lock back. What a broken session cannot give back is taken over by whoever comes next.
    func release(_ held: HeldLock) async {
        let (script, deploying) = (books.freeLockRow(where: held.fence.condition), deploying)
        await Shielded.run {
            do {
                try await held.guardian.execute(script, deadline: .seconds(10))
            } catch {
                _ = try? await deploying.execute(script, deadline: .seconds(10))
            }
            await held.guardian.close()
        }
    }

    private var books: BooksLayout { options.books }

    private func tryAcquire(_ guardian: PostgresConnection, _ token: String) async throws -> HeldLock? {
        let row = try await guardian.execute(books.tryLock).single()
        guard try row.bool("taken") else { return nil }
        var missing: [String] = []
        if try !row.bool("lock") { missing += books.createLockTable }
        if try !row.bool("books") { missing.append(books.createTable) }
        if !missing.isEmpty { try await guardian.runScript(missing.joined(separator: ";\n")) }
        let user = try row.string("login")
        do {
            // The advisory lock is kept when somebody has the row: whoever comes later stands behind.
            guard let taken = try await takeRow(guardian, token) else { return nil }
            return HeldLock(
                guardian: guardian, fence: Fence(holder: taken.holder, table: books.lockTableName, token: token),
                books: taken.books, user: user, predecessor: taken.predecessor)
        } catch let error as PostgresError where error.sqlState == "55P03" {
            // A transaction keeps the row as it is, as our own do.
            return nil
        }
    }

    private typealias Taken = (holder: String, books: Books, predecessor: LockHolder?)

    /// Takes the row and reads the books, in one round trip; nil when somebody else has the row.
    private func takeRow(_ guardian: PostgresConnection, _ token: String) async throws -> Taken? {
        let holder = LockHolder.expression(owner: options.owner, token: token, processID: deploying.processID)
        let results = try await guardian.pipeline([
            PostgresStatement(books.addLockRow), PostgresStatement(books.takeLockRow(holder, where: "LOCKED = FALSE")),
            PostgresStatement(books.select),
        ])
        guard results.count == 3, let row = results[1].first else { return try await takeOver(guardian, holder) }
        return (try row.string("lockedby"), Books(try results[2].map { try BookEntry($0) }), nil)
    }

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
        let entries = try await guardian.execute(books.select).map { try BookEntry($0) }
        return (try row.string("lockedby"), Books(entries), predecessor)
    }
}
