import Diagnostics
import PostgresClient
import TestSupport
import Testing

@testable import Changelog

/// What is tried again, and what is said about it.
@Suite struct RetryTests {
    @Test(
        "pauses grow from attempt to attempt up to a ceiling, with full jitter, and end with attempts or patience",
        arguments: [
            (1, 0, 1.0, 250 as Int64?), (1, 0, 0.0, 1), (2, 0, 1.0, 500), (4, 10, 0.5, 1000), (9, 0, 1.0, 20_000),
            (9, 119, 1.0, 1000), (10, 0, 1.0, nil), (3, 120, 1.0, nil),
        ])
    func pauses(_ attempt: Int, _ elapsed: Int, _ chance: Double, _ expected: Int64?) {
        let pause = ChangeSetRetries().pause(after: attempt, elapsed: .seconds(elapsed), chance: chance)
        #expect(pause?.milliseconds == expected)
    }

    private static func options(_ log: AttemptMemory) -> DeployerOptions {
        var options = DeployerOptions(owner: "web-1 (sluice 7)")
        options.attempts = log
        // Time enough for a look at the one who stands in the way, also on a busy machine.
        options.lockTimeout = .seconds(15)
        options.pause = { _ in }
        return options
    }

    private static let changelog =
        Preparing.changeSet("<sql>create table t (a int primary key)</sql>")
        + Preparing.changeSet("<sql>select 1; alter table t add b int</sql>", id: "2")

    @Test("a changeset that meets a lock steps back and is tried again, and the history names who stood in the way")
    func retried() async throws {
        try await withDatabase { database in
            let (worker, connection) = (
                try await PostgresConnection.open(database.with(applicationName: "worker")),
                try await PostgresConnection.open(database)
            )
            let log = AttemptMemory()
            var options = Self.options(log)
            let whole = try Preparing.changelog(Self.changelog)
            options.limit = 1
            try await Deployer(connection, options: options).update(whole)
            options.limit = nil
            try await worker.execute("BEGIN; INSERT INTO t VALUES (1)")
            // Between the two attempts the worker ends its work.
            options.pause = { _ in try await worker.execute("COMMIT") }
            #expect(try await Deployer(connection, options: options).update(whole).ran == 1)
            let records = await log.records
            #expect(records.map(\.event) == [.begun, .applied, .begun, .failed, .begun, .applied])
            #expect(records.compactMap(\.attempt) == [1, 1, 1, 1, 2, 2])
            let failed = try #require(records.first { $0.event == .failed })
            #expect(failed.statement == 2 && failed.statementCount == 2 && failed.sqlState == "55P03")
            #expect(failed.database?.hasSuffix("/\(database.database)") == true)
            let blocker = try #require(failed.blockers.first)
            #expect(blocker.processID == Int(worker.processID) && blocker.application == "worker" && blocker.isRoot)
            #expect(blocker.state == "idle in transaction")
            #expect(blocker.lock == "RowExclusiveLock on t")
            #expect(blocker.query.contains("INSERT INTO t"))
            for connection in [worker, connection] { await connection.close() }
        }
    }

    @Test("when the retries are over the error says how often it was tried and who stands in the way")
    func exhausted() async throws {
        try await withDatabase { database in
            let (worker, connection) = (
                try await PostgresConnection.open(database), try await PostgresConnection.open(database)
            )
            var options = Self.options(AttemptMemory())
            options.retries.attempts = 2
            try await worker.execute("CREATE TABLE u (a int)")
            try await worker.execute("BEGIN; LOCK TABLE u")
            let changelog = try Preparing.changelog(Preparing.changeSet("<sql>select * from u</sql>"))
            let failure = await #expect(throws: ChangelogFailure.self) {
                try await Deployer(connection, options: options).update(changelog)
            }
            #expect(failure?.attempts == 2)
            let error = try #require(failure?.sluiceError)
            #expect(error.kind == .transient && error.message.hasSuffix("(SQLSTATE 55P03), 2 times"))
            #expect(error.detail?.contains("blocked by pid \(worker.processID)") == true)
            for connection in [worker, connection] { await connection.close() }
        }
    }

    @Test(
        "only what others caused is tried again",
        arguments: [("40001", 3), ("40P01", 3), ("55P03", 3), ("23505", 1), ("57014", 1), ("53100", 1)])
    func kinds(_ state: String, _ attempts: Int) async throws {
        try await withConnection { connection in
            let log = AttemptMemory()
            var options = Self.options(log)
            options.retries.attempts = 3
            let raise = "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '\(state)'; END $$"
            let changelog = try Preparing.changelog(
                Preparing.changeSet("<sql splitStatements=\"false\">\(raise)</sql>"))
            await #expect(throws: ChangelogFailure.self) {
                try await Deployer(connection, options: options).update(changelog)
            }
            #expect(await log.records.count { $0.event == .failed } == attempts)
        }
    }

    @Test(
        "locks are waited for less long than the server looks for deadlocks, unless server or changelog say otherwise")
    func settings() async throws {
        try await withConnection { connection in
            let note = "insert into s values (current_setting('lock_timeout'))"
            let changelog = try Preparing.changelog(
                Preparing.changeSet("<sql>create table s (v text); \(note); set lock_timeout = '7s'</sql>")
                    + Preparing.changeSet("<sql>\(note)</sql>", id: "2"))
            try await Deployer(connection).update(changelog)
            #expect(try await connection.execute("SELECT v FROM s").map { try $0.string(0) } == ["800ms", "7s"])
            try await connection.execute("SET deadlock_timeout = '200ms'; SET lock_timeout = 0")
            try await Deployer(connection).update(
                try Preparing.changelog(Preparing.changeSet("<sql>\(note)</sql>", id: "3")))
            try await connection.execute("SET lock_timeout = '9s'")
            try await Deployer(connection).update(
                try Preparing.changelog(Preparing.changeSet("<sql>\(note)</sql>", id: "4")))
            #expect(
                try await connection.execute("SELECT v FROM s").map { try $0.string(0) } == [
                    "800ms", "7s", "160ms", "9s",
                ])
        }
    }

    @Test("a session that is lost before the commit leaves nothing of the changeset, and the error says so")
    func lost() async throws {
        try await withConnection { connection in
            let log = AttemptMemory()
            let changelog = try Preparing.changelog(
                Preparing.changeSet("<sql>create table t (a int); select pg_terminate_backend(pg_backend_pid())</sql>"))
            let failure = await #expect(throws: ChangelogFailure.self) {
                try await Deployer(connection, options: Self.options(log)).update(changelog)
            }
            #expect(failure?.isTransient == true)
            #expect(failure?.message.hasSuffix("nothing of the changeset has stayed") == true)
            #expect(await log.records.map(\.event) == [.begun, .failed])
        }
    }
}
