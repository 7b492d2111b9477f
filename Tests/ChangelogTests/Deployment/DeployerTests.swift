import Diagnostics
import PostgresClient
import TestSupport
import Testing

@testable import Changelog

/// Deployments on a real PostgreSQL.
@Suite struct DeployerTests {
    private static func table(_ name: String, id: String = "1", _ attributes: String = "") -> String {
        Preparing.changeSet(
            "<createTable tableName=\"\(name)\"><column name=\"a\" type=\"int\"/></createTable>", id: id, attributes)
    }

    private static func rows(_ connection: PostgresConnection) async throws -> [String] {
        let sql =
            "SELECT id || ' ' || orderexecuted || ' ' || exectype AS row FROM databasechangelog ORDER BY orderexecuted"
        return try await connection.execute(sql).map { try $0.string("row") }
    }

    private static func isLocked(_ connection: PostgresConnection) async throws -> Bool {
        try await connection.execute("SELECT locked FROM databasechangeloglock").single().bool(0)
    }

    @Test("an update makes the schema and the books, and a second one finds nothing to do")
    func update() async throws {
        try await withConnection { connection in
            let changelog = try Preparing.changelog(Self.table("t1") + "\n" + Self.table("t2", id: "2"))
            let deployer = Deployer(connection)
            #expect(try await deployer.update(changelog).ran == 2)
            #expect(try await Self.rows(connection) == ["1 1 EXECUTED", "2 2 EXECUTED"])
            let again = try await deployer.update(changelog)
            #expect(again.ran == 0)
            #expect(again.skipped == 2)
            #expect(try await !Self.isLocked(connection))
            #expect(try await deployer.plan(changelog).pending.isEmpty)
        }
    }

    @Test("a failed changeset leaves nothing of itself, keeps those before it, and the next update goes on behind them")
    func resumes() async throws {
        try await withConnection { connection in
            let good = Self.table("t1") + "\n"
            let bad = """
                <changeSet id="2" author="a"><sql>create table t2 (a int);
                insert into t2
                values ('x')</sql></changeSet>
                """
            let deployer = Deployer(connection)
            let failure = await #expect(throws: ChangelogFailure.self) {
                try await deployer.update(try Preparing.changelog(good + bad))
            }
            #expect(failure?.identity.id == "2")
            #expect(failure?.statement == 2)
            #expect(failure?.statementCount == 2)
            #expect(failure?.sqlState == "22P02")
            #expect(failure?.sql == "insert into t2\nvalues ('x')")
            #expect(failure?.sluiceError.code == "changelog.changeset-failed")
            #expect(try await Self.rows(connection) == ["1 1 EXECUTED"])
            #expect(try await connection.execute("SELECT to_regclass('t2') IS NULL").single().bool(0))
            #expect(try await !Self.isLocked(connection))
            let mended = try Preparing.changelog(good + Self.table("t2", id: "2"))
            #expect(try await deployer.update(mended).ran == 1)
        }
    }

    @Test("a mistake in SQL is shown at its line and statement")
    func position() async throws {
        try await withConnection { connection in
            let file = "select 1;\n\nselect\n  nonsense from nowhere;\n"
            let changelog = try Preparing.changelog(
                Preparing.changeSet("<sqlFile path=\"f.sql\"/>"), files: ["f.sql": file])
            let failure = await #expect(throws: ChangelogFailure.self) {
                try await Deployer(connection).update(changelog)
            }
            #expect(failure?.statement == 2)
            #expect(failure?.location.description == "f.sql:4")
            #expect(failure?.sqlState == "42P01")
        }
    }

    @Test(
        "a COMMIT behind everything changes nothing, because there the transaction ends anyway",
        arguments: [
            "<sql>create table x (a int); commit;</sql>", "<sql>begin; create table x (a int); COMMIT WORK</sql>",
            "<sql splitStatements=\"false\">create table x (a int); end transaction ;</sql>",
        ])
    func commitAtTheEnd(_ change: String) async throws {
        try await withConnection { connection in
            let changelog = try Preparing.changelog(
                Preparing.changeSet(change) + Preparing.changeSet("<sql>commit</sql>", id: "2"))
            try await Deployer(connection).update(changelog)
            #expect(try await Self.rows(connection) == ["1 1 EXECUTED", "2 2 EXECUTED"])
            #expect(try await connection.execute("SELECT to_regclass('x') IS NOT NULL").single().bool(0))
        }
    }

    @Test(
        "the word empty in a rollback says that there is nothing to take back",
        arguments: ["EMPTY", "<sql>empty</sql>"])
    func emptyRollback(_ rollback: String) async throws {
        try await withConnection { connection in
            let changelog = try Preparing.changelog(
                Preparing.changeSet("<sql>create table x (a int)</sql><rollback>\(rollback)</rollback>"))
            let deployer = Deployer(connection)
            try await deployer.update(changelog)
            #expect(try await deployer.rollBack(changelog, to: .count(1)) == 1)
            #expect(try await connection.execute("SELECT to_regclass('x') IS NOT NULL").single().bool(0))
        }
    }

    @Test("a condition of the changelog itself stands before rollbacks and syncs, too")
    func conditionsOfTheChangelog() async throws {
        try await withConnection { connection in
            let deployer = Deployer(connection)
            try await deployer.update(try Preparing.changelog(Self.table("t1")))
            let guarded = try Preparing.changelog(
                "<preConditions><tableExists tableName=\"nowhere\"/></preConditions>" + Self.table("t1")
                    + Self.table("t2", id: "2"))
            let back = await #expect(throws: SluiceError.self) { try await deployer.rollBack(guarded, to: .count(1)) }
            #expect(back?.code == "changelog.precondition-failed")
            let sync = await #expect(throws: SluiceError.self) { try await deployer.sync(guarded, .all) }
            #expect(sync?.code == "changelog.precondition-failed")
            #expect(try await Self.rows(connection) == ["1 1 EXECUTED"])
        }
    }

    @Test("a changeset that ends its own transaction is refused before anything has run")
    func commitInside() async throws {
        try await withConnection { connection in
            let changelog = try Preparing.changelog(
                Self.table("t1") + Preparing.changeSet("<sql>create table x (a int); commit; select 1</sql>", id: "2"))
            let error = await #expect(throws: SluiceError.self) { try await Deployer(connection).update(changelog) }
            #expect(error?.code == "changelog.transaction-control")
            #expect(try await Self.rows(connection).isEmpty)
        }
    }

    @Test("pieces of a function body are not joined into a whole again")
    func pieces() async throws {
        try await withConnection { connection in
            let sql = "create function f() returns int language plpgsql as $$ declare x int; begin return 1; end; $$"
            let changelog = try Preparing.changelog(Preparing.changeSet("<sql>\(sql)</sql>"))
            let failure = await #expect(throws: ChangelogFailure.self) {
                try await Deployer(connection).update(changelog)
            }
            #expect(failure?.statement == 1)
            #expect(
                try await connection.execute("SELECT count(*) FROM pg_proc WHERE proname = 'f'").single().int(0) == 0)
        }
    }

    @Test("statements that PostgreSQL refuses in a transaction run outside of one on request")
    func withoutTransaction() async throws {
        try await withConnection { connection in
            let index = Preparing.changeSet(
                "<sql>create index concurrently i on t1 (a)</sql>", id: "2", "runInTransaction=\"false\"")
            let changelog = try Preparing.changelog(Self.table("t1") + index)
            #expect(try await Deployer(connection).update(changelog).ran == 2)
            let query = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"
            #expect(try await connection.execute(query).single().bool(0))
        }
    }

    @Test("conditions decide whether a changeset runs, is noted, or waits")
    func conditions() async throws {
        try await withConnection { connection in
            func guarded(_ id: String, _ onFail: String, _ condition: String) -> String {
                let conditions = "<preConditions onFail=\"\(onFail)\">\(condition)</preConditions>"
                return Preparing.changeSet(conditions + "<sql>create table g\(id) (a int)</sql>", id: id)
            }
            let changelog = try Preparing.changelog(
                [
                    Self.table("t"), guarded("2", "HALT", "<tableExists tableName=\"T\"/>"),
                    guarded("3", "MARK_RAN", "<not><tableExists tableName=\"t\"/></not>"),
                    guarded("4", "CONTINUE", "<rowCount tableName=\"t\" expectedRows=\"1\"/>"),
                    guarded("5", "WARN", "<sqlCheck expectedResult=\"1\">select 2</sqlCheck>"),
                    guarded("6", "HALT", "<changeSetExecuted id=\"2\" author=\"a\" changeLogFile=\"changelog.xml\"/>"),
                ].joined(separator: "\n"))
            let result = try await Deployer(connection).update(changelog)
            let rows = try await Self.rows(connection)
            #expect(rows == ["1 1 EXECUTED", "2 2 EXECUTED", "3 3 MARK_RAN", "5 4 EXECUTED", "6 5 EXECUTED"])
            #expect(result.passed == 1)
            #expect(result.messages.count == 3)
        }
    }

    @Test("a lock that a dead Sluice left is taken over, and one of Liquibase is respected")
    func lockTakeover() async throws {
        try await withConnection { connection in
            var options = DeployerOptions(lockWait: .zero)
            options.lockPoll = .milliseconds(10)
            let deployer = Deployer(connection, options: options)
            try await deployer.createBooks()
            let lock = "UPDATE databasechangeloglock SET locked = true, lockgranted = now(), lockedby ="
            try await connection.execute("\(lock) 'web-1 [sluice pid=1 start=1700000000.5]'")
            #expect(try await deployer.update(try Preparing.changelog(Self.table("t1"))).ran == 1)
            try await connection.execute("\(lock) 'otherhost (10.0.0.1)'")
            let error = await #expect(throws: SluiceError.self) {
                try await deployer.update(try Preparing.changelog(Self.table("t1")))
            }
            #expect(error?.code == "changelog.locked")
            #expect(error?.detail?.contains("otherhost") == true)
            try await deployer.releaseLocks()
            #expect(try await deployer.update(try Preparing.changelog(Self.table("t1"))).skipped == 1)
        }
    }

    @Test("eight deployers at once apply each changeset once")
    func concurrency() async throws {
        try await withDatabase { configuration in
            let changelog = try Preparing.changelog((1...5).map { Self.table("t\($0)", id: "\($0)") }.joined())
            let total = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...8 {
                    group.addTask {
                        let connection = try await PostgresConnection.open(configuration)
                        var options = DeployerOptions()
                        options.lockPoll = .milliseconds(20)
                        let ran = try await Deployer(connection, options: options).update(changelog).ran
                        await connection.close()
                        return ran
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(total == 5)
        }
    }

    @Test("a cancelled update gives the lock back and leaves no transaction open")
    func cancellation() async throws {
        try await withDatabase { configuration in
            let worker = try await PostgresConnection.open(configuration)
            let changelog = try Preparing.changelog(
                Self.table("t1") + Preparing.changeSet("<sql>select pg_sleep(600)</sql>", id: "2"))
            let (begun, signal) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                try await Deployer(worker).update(changelog) { if $0.index == 2 { signal.finish() } }
            }
            for await _ in begun {}
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(await worker.transactionStatus == .idle)
            #expect(try await !Self.isLocked(worker))
            #expect(try await Self.rows(worker) == ["1 1 EXECUTED"])
            await worker.close()
        }
    }

    @Test("names in custom places: books of other names in their own schema")
    func customBooks() async throws {
        try await withConnection { connection in
            try await connection.execute("CREATE SCHEMA lbs")
            let options = DeployerOptions(
                books: BooksLayout(schema: "lbs", table: "DDM_db_changelog", lockTable: "ddm_lock"))
            try await Deployer(connection, options: options).update(try Preparing.changelog(Self.table("t1")))
            #expect(try await connection.execute("SELECT count(*) FROM lbs.ddm_db_changelog").single().int(0) == 1)
        }
    }

    @Test("what was applied is taken back in reverse, each changeset with its row")
    func rollback() async throws {
        try await withConnection { connection in
            let changelog = try Preparing.changelog(
                Self.table("t1") + Self.table("t2", id: "2")
                    + Preparing.changeSet(
                        "<sql>select 1</sql><rollback>drop table t2; create table t3 (a int)</rollback>", id: "3"))
            let deployer = Deployer(connection)
            try await deployer.update(changelog)
            #expect(try await deployer.rollBack(changelog, to: .count(1)) == 1)
            #expect(try await connection.execute("SELECT to_regclass('t3') IS NOT NULL").single().bool(0))
            #expect(try await Self.rows(connection) == ["1 1 EXECUTED", "2 2 EXECUTED"])
        }
    }

    @Test("a tag goes to the last row, also where the clock or the count went back")
    func tag() async throws {
        try await withConnection { connection in
            let deployer = Deployer(connection)
            try await deployer.update(try Preparing.changelog(Self.table("t1") + Self.table("t2", id: "2")))
            try await connection.execute("UPDATE databasechangelog SET dateexecuted = '2020-01-01' WHERE id = '2'")
            try await deployer.tag("v1")
            let tagged = "SELECT id FROM databasechangelog WHERE tag = 'v1'"
            #expect(try await connection.execute(tagged).single().string(0) == "1")
        }
    }

    @Test("a condition of the changelog itself that does not hold is told, and ends all unless it only warns")
    func changelogConditions() async throws {
        try await withConnection { connection in
            func changelog(_ onFail: String) throws -> PreparedChangelog {
                let source = MemorySource([
                    "c.yaml": Array(
                        """
                        databaseChangeLog:
                        - preConditions:
                          - onFail: \(onFail)
                          - onFailMessage: not here
                          - tableExists: {tableName: x}
                        - changeSet: {id: 1, author: a, changes: [{sql: select 1}]}
                        """.utf8)
                ])
                return try PreparedChangelog(try ChangelogReader(source: source).read("c.yaml"), source: source)
            }
            // Liquibase's schema of XML knows the first and the last only; its engine takes the others for the first.
            for onFail in ["HALT", "CONTINUE", "MARK_RAN"] {
                let error = await #expect(throws: SluiceError.self) {
                    try await Deployer(connection).update(try changelog(onFail))
                }
                #expect(error?.code == "changelog.precondition-failed")
            }
            let result = try await Deployer(connection).update(try changelog("WARN"))
            #expect(result.ran == 1)
            #expect(result.messages == ["a condition of the changelog does not hold: not here"])
        }
    }

    @Test(
        "update-sql passes over conditions, judges them or takes them for failed, as their author wrote",
        arguments: [
            ("onFail=\"HALT\"", "EXECUTED"), ("onFail=\"HALT\" onSqlOutput=\"TEST\"", nil),
            ("onFail=\"HALT\" onSqlOutput=\"FAIL\"", nil), ("onFail=\"MARK_RAN\" onSqlOutput=\"TEST\"", "MARK_RAN"),
            ("onFail=\"MARK_RAN\" onSqlOutput=\"FAIL\"", "MARK_RAN"), ("onFail=\"CONTINUE\" onSqlOutput=\"TEST\"", ""),
            ("onFail=\"WARN\" onSqlOutput=\"TEST\"", "EXECUTED"),
        ])
    func conditionsOfScripts(_ attributes: String, _ execType: String?) async throws {
        try await withConnection { connection in
            let guarded = Preparing.changeSet(
                "<preConditions \(attributes)><tableExists tableName=\"x\"/></preConditions>"
                    + "<sql>create table g (a int)</sql>")
            // What the script has done before counts.
            let second = Preparing.changeSet(
                "<preConditions onSqlOutput=\"TEST\"><changeSetExecuted id=\"0\" author=\"a\"/></preConditions>",
                id: "2")
            let changelog = try Preparing.changelog(Self.table("t", id: "0") + guarded + second)
            let deployer = Deployer(connection)
            guard let execType else {
                let error = await #expect(throws: SluiceError.self) { try await deployer.script(changelog) }
                #expect(error?.code == "changelog.precondition-failed")
                return
            }
            try await connection.runScript(try await deployer.script(changelog))
            let rows = try await connection.execute("SELECT exectype FROM databasechangelog WHERE id = '1'")
            #expect(try rows.map { try $0.string(0) } == (execType.isEmpty ? [] : [execType]))
            let exists = try await connection.execute("SELECT to_regclass('g') IS NOT NULL").single().bool(0)
            #expect(exists == (execType == "EXECUTED"))
        }
    }

    @Test("update-sql through psql's eyes gives the same database as update")
    func script() async throws {
        try await withConnection { connection in
            let changelog = try Preparing.changelog(
                Self.table("t1") + Preparing.changeSet("<tagDatabase tag=\"v1\"/>", id: "2"))
            let script = try await UpdateScript(changelog, books: nil, options: DeployerOptions())
            try await connection.runScript(script.text)
            #expect(try await Self.rows(connection) == ["1 1 EXECUTED", "2 2 EXECUTED"])
            #expect(try await Deployer(connection).plan(changelog).pending.isEmpty)
        }
    }

    @Test("rows of a data file are written by the types of their columns, as Liquibase writes and loses them")
    func dataFile() async throws {
        try await withConnection { connection in
            try await connection.runScript("CREATE TABLE t (n int, s varchar, l text)")
            func load(_ file: String) async throws -> [String] {
                let change = Preparing.changeSet("<loadData tableName=\"t\" file=\"t.csv\"/>", "runAlways=\"true\"")
                try await Deployer(connection).update(try Preparing.changelog(change, files: ["t.csv": file]))
                let rows = try await connection.execute("SELECT t::text AS row FROM t ORDER BY n")
                try await connection.runScript("DELETE FROM t")
                return try rows.map { try $0.string("row") }
            }
            #expect(try await load("n,s\n1,a\n,\n") == ["(1,a,)", "(,\"\",)"])
            #expect(try await load("n,l\n1,a\n2,NULL\n3,\n") == ["(1,,a)", "(3,,)"])
        }
    }

    @Test("bytes of a file become a large object where the column holds the number of one")
    func largeObject() async throws {
        try await withConnection { connection in
            try await connection.runScript("CREATE TABLE t (b bytea, o oid)")
            let columns = "<column name=\"b\" valueBlobFile=\"f\"/><column name=\"o\" valueBlobFile=\"f\"/>"
            let change = Preparing.changeSet("<insert tableName=\"t\">\(columns)</insert>")
            try await Deployer(connection).update(try Preparing.changelog(change, files: ["f": "xyz"]))
            let row = try await connection.execute("SELECT b = 'xyz' AND lo_get(o) = 'xyz' FROM t").single()
            #expect(try row.bool(0))
        }
    }

    @Test("a refused changelog leaves as much of the books as Liquibase does")
    func extent() async throws {
        try await withConnection { connection in
            let deployer = Deployer(connection)
            let tables = "SELECT string_agg(tablename, ' ' ORDER BY 1) FROM pg_tables WHERE schemaname = 'public'"
            try await deployer.createBooks(.table)
            #expect(try await connection.execute(tables).single().string(0) == "databasechangelog")
            try await deployer.createBooks(.both)
            #expect(
                try await connection.execute(tables).single().string(0) == "databasechangelog databasechangeloglock")
        }
    }
}
