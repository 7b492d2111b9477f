import Diagnostics
import PostgresClient
import TestSupport
import Testing

@testable import Changelog

/// Changesets that are no transactions: what stays of them, how they go on, how they are taken back.
@Suite struct JournalTests {
    private static func changelog(_ sql: String, _ attributes: String = "runInTransaction=\"false\"") throws
        -> PreparedChangelog
    { try Preparing.changelog(Preparing.changeSet("<sql>\(sql)</sql>", attributes)) }

    private static let head = "create table t (a int); insert into t values (1), (1);"
    private static let unique = "create unique index concurrently t_a on t (a);"

    private static func journal(_ connection: PostgresConnection) async throws -> [String] {
        try await connection.execute("SELECT lockedby FROM databasechangeloglock WHERE id > 1").map { try $0.string(0) }
    }

    private static func isValid(_ connection: PostgresConnection, _ index: String = "t_a") async throws -> Bool? {
        try await connection.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('\(index)')")
            .first?
            .bool(0)
    }

    private static func rows(_ connection: PostgresConnection) async throws -> Int {
        try await connection.execute("SELECT count(*) FROM databasechangelog").single().int(0)
    }

    @Test("an index is found by its whole name, which the catalogs have cut")
    func longName() async throws {
        try await withConnection { connection in
            let name = String(repeating: "n", count: 70)
            let sql = "CREATE INDEX CONCURRENTLY IF NOT EXISTS \(name) ON t (a)"
            try await connection.execute("CREATE TABLE t (a int)")
            try await connection.execute(sql)
            let index = try #require(IndexStatement(sql))
            #expect(try await IndexProbe(connection: connection).find(index)?.isValid == true)
        }
    }

    @Test("what failed in part goes on behind what is applied: nothing twice, and no invalid index is left")
    func resumes() async throws {
        try await withConnection { connection in
            let changelog = try Self.changelog(Self.head + Self.unique + "insert into t values (7)")
            let deployer = Deployer(connection)
            let failure = await #expect(throws: ChangelogFailure.self) { try await deployer.update(changelog) }
            #expect(failure?.statement == 3 && failure?.sqlState == "23505")
            #expect(try await Self.isValid(connection) == false)
            let partial = try #require(try await deployer.partialChangeSets(changelog).first)
            #expect(partial.applied == 2 && partial.resumesAt == 3)
            #expect(
                partial.summary == """
                    changeset changelog.xml::1::a: 2 of 4 statements applied, failed at 3 (changelog.xml:2) 23505; \
                    left behind: table t, INVALID index public.t_a
                    """)
            // Liquibase's own row is free.
            #expect(
                try await !connection.execute("SELECT locked FROM databasechangeloglock WHERE id = 1").single().bool(0))
            // As long as the reason is there it fails again, at the same place.
            let again = await #expect(throws: ChangelogFailure.self) { try await deployer.update(changelog) }
            #expect(again?.statement == 3)
            try await connection.execute("DELETE FROM t WHERE ctid = (SELECT max(ctid) FROM t)")
            #expect(try await deployer.update(changelog).ran == 1)
            #expect(try await connection.execute("SELECT a FROM t ORDER BY a").map { try $0.int(0) } == [1, 7])
            #expect(try await Self.isValid(connection) == true)
            #expect(try await Self.journal(connection).isEmpty)
            #expect(try await deployer.update(changelog).skipped == 1)
        }
    }

    @Test("a changeset whose only statement failed leaves nothing to remember")
    func nothingLeft() async throws {
        try await withConnection { connection in
            for sql in [
                "vacuum nowhere", "insert into nowhere values (1)", "create index concurrently i on nowhere (a)",
            ] {
                await #expect(throws: ChangelogFailure.self) {
                    try await Deployer(connection).update(try Self.changelog(sql))
                }
                let left = try await Self.journal(connection)
                #expect(left.isEmpty)
            }
        }
    }

    @Test("an edited tail goes on, an edited head is refused")
    func edited() async throws {
        try await withConnection { connection in
            let deployer = Deployer(connection)
            await #expect(throws: ChangelogFailure.self) {
                try await deployer.update(try Self.changelog(Self.head + Self.unique))
            }
            let other = try Self.changelog("create table t (a bigint); insert into t values (1), (1); select 1")
            let error = await #expect(throws: SluiceError.self) { try await deployer.update(other) }
            #expect(error?.code == "changelog.partly-applied-edited")
            let transaction = try Self.changelog(Self.head + Self.unique, "")
            let refusal = await #expect(throws: SluiceError.self) { try await deployer.update(transaction) }
            #expect(refusal?.code == "changelog.partly-applied-edited")
            let mended = try Self.changelog(Self.head + "create index concurrently t_b on t (a)")
            #expect(try await deployer.update(mended).ran == 1)
            #expect(try await Self.isValid(connection, "t_b") == true)
        }
    }

    @Test("IF NOT EXISTS does not make an invalid index count: it is built anew, or refused when it is another one")
    func conditional() async throws {
        try await withConnection { connection in
            let deployer = Deployer(connection)
            try await connection.execute("CREATE TABLE t (a int, b int); INSERT INTO t VALUES (1), (1)")
            await #expect(throws: PostgresError.self) {
                try await connection.execute("CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a)")
            }
            let conditional = "create unique index concurrently if not exists t_a on t"
            let other = await #expect(throws: SluiceError.self) {
                try await deployer.update(try Self.changelog("\(conditional) (b)"))
            }
            #expect(other?.code == "changelog.invalid-index")
            let inTransaction = await #expect(throws: SluiceError.self) {
                try await deployer.update(
                    try Self.changelog("create table u (a int); create unique index if not exists t_a on t (a)", ""))
            }
            #expect(inTransaction?.code == "changelog.invalid-index")
            #expect(try await connection.execute("SELECT to_regclass('u') IS NULL").single().bool(0))
            #expect(try await Self.rows(connection) == 0)
            try await connection.execute("DELETE FROM t WHERE ctid = (SELECT max(ctid) FROM t)")
            #expect(try await deployer.update(try Self.changelog("\(conditional) (a)")).ran == 1)
            #expect(try await Self.isValid(connection) == true)
        }
    }

    /// The journal as a run leaves it that dies behind its intent.
    private static func die(_ applied: Int, in changelog: PreparedChangelog, _ connection: PostgresConnection)
        async throws
    {
        let prepared = try #require(changelog.changeSets.first)
        let entry = JournalEntry(
            prepared.identity, try prepared.requireStatements(), applied: applied, state: .intent)
        try await connection.execute(BooksLayout().write(entry))
    }

    @Test("after a death the catalogs say whether an index was made: it is kept, built anew, or built at all")
    func inDoubt() async throws {
        for (made, isValid) in [
            ("CREATE INDEX t_a ON t (a)", true), ("SELECT", nil), ("CREATE INDEX t_a ON t (a)", false),
        ] as [(String, Bool?)] {
            try await withConnection { connection in
                let changelog = try Self.changelog(
                    "create table t (a int); create index concurrently t_a on t (a); insert into t values (7)")
                let deployer = Deployer(connection)
                try await deployer.createBooks()
                try await connection.execute("CREATE TABLE t (a int); \(made)")
                if isValid == false {
                    try await connection.execute(
                        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 't_a'::regclass")
                }
                let before = try await connection.execute("SELECT to_regclass('t_a')::oid::int AS o").single()
                    .optionalInt("o")
                try await Self.die(1, in: changelog, connection)
                #expect(try await deployer.partialChangeSets(changelog).first?.isInDoubt == true)
                #expect(try await deployer.resume(changelog).ran == 1)
                #expect(try await Self.isValid(connection) == true)
                let after = try await connection.execute("SELECT to_regclass('t_a')::oid::int AS o").single()
                    .optionalInt("o")
                #expect((before == after) == (isValid == true))
                #expect(try await Self.journal(connection).isEmpty)
            }
        }
    }

    @Test("a statement whose outcome nobody can tell waits for a person, who says where to go on")
    func opaque() async throws {
        try await withConnection { connection in
            let changelog = try Self.changelog(
                "create table t (a int); call p(); insert into t values (7)")
            let deployer = Deployer(connection)
            try await deployer.createBooks()
            try await connection.execute("CREATE TABLE t (a int)")
            try await Self.die(1, in: changelog, connection)
            let error = await #expect(throws: SluiceError.self) { try await deployer.update(changelog) }
            #expect(error?.code == "changelog.outcome-unknown")
            #expect(error?.message.contains("statement 2 of 3") == true)
            await #expect(throws: SluiceError.self) { try await deployer.resume(changelog, at: 1) }
            #expect(try await deployer.resume(changelog, at: 3).ran == 1)
            #expect(try await connection.execute("SELECT a FROM t").single().int(0) == 7)
        }
    }

    @Test("what is applied in part is taken back in reverse, the invalid index too, and then runs from the beginning")
    func restores() async throws {
        try await withConnection { connection in
            let log = AttemptMemory()
            var options = DeployerOptions()
            options.attempts = log
            let deployer = Deployer(connection, options: options)
            try await connection.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)")
            let changelog = try Self.changelog(
                "alter table t add b int; create index concurrently t_b on t (b); \(Self.unique)")
            await #expect(throws: ChangelogFailure.self) { try await deployer.update(changelog) }
            #expect(
                try await deployer.restoration(changelog) == [
                    "DROP INDEX CONCURRENTLY IF EXISTS public.t_a", "DROP INDEX CONCURRENTLY IF EXISTS t_b",
                    "ALTER TABLE t DROP COLUMN b",
                ])
            #expect(try await deployer.restore(changelog).map(\.id) == ["1"])
            let columns =
                "SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 AND NOT attisdropped"
            #expect(try await connection.execute(columns).single().int(0) == 1)
            #expect(
                try await connection.execute("SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass").single()
                    .int(0) == 0)
            #expect(try await Self.journal(connection).isEmpty)
            #expect(await log.records.last?.event == .rolledBack)
            try await connection.execute("DELETE FROM t WHERE ctid = (SELECT max(ctid) FROM t)")
            #expect(try await deployer.update(changelog).ran == 1)
        }
    }

    @Test(
        "a person can say that a changeset is applied, or that the journal is to forget it, and the history keeps why")
    func persons() async throws {
        try await withConnection { connection in
            let log = AttemptMemory()
            var options = DeployerOptions()
            options.attempts = log
            let deployer = Deployer(connection, options: options)
            let changelog = try Self.changelog(Self.head + Self.unique)
            let prepared = try #require(changelog.changeSets.first)
            await #expect(throws: ChangelogFailure.self) { try await deployer.update(changelog) }
            #expect(try await deployer.forget(prepared, because: "tried"))
            #expect(try await !deployer.forget(prepared, because: "tried"))
            try await deployer.markApplied(prepared, because: "made by hand")
            #expect(await log.records.last?.message == "made by hand")
            #expect(try await deployer.update(changelog).skipped == 1)
            await #expect(throws: SluiceError.self) { try await deployer.markApplied(prepared, because: "again") }
        }
    }
}
