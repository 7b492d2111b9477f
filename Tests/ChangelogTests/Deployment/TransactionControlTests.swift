import Diagnostics
import PostgresClient
import TestSupport
import Testing

@testable import Changelog

/// Changesets that would end their own transaction.
@Suite struct TransactionControlTests {
    @Test(
        "a statement that ends a transaction is found, whatever comments stand in it",
        arguments: [
            "commit", "End", "ABORT work", "rollback", "ROLLBACK -- to undo", "ROLLBACK /* to */ WORK",
            "/* a /* b */ */ Commit", "select 1; rollback work and chain", "PREPARE /**/ TRANSACTION 'x'",
            "rollback prepared 'x'",
        ])
    func ends(_ text: String) { #expect(TransactionControl.ending(in: text) != nil) }

    @Test(
        "one that only looks so is none",
        arguments: [
            "rollback to s", "ROLLBACK WORK TO SAVEPOINT \"commit\"", "rollback /* all */ transaction to s",
            "select 'commit'", "prepare transaction_plan as select 1", "-- commit\nselect 1",
            "do $$begin commit; end$$",
            "begin", "commitment()", "\"commit\"",
        ])
    func stays(_ text: String) { #expect(TransactionControl.ending(in: text) == nil) }

    private static func refusal(of changes: String, files: [String: String] = [:]) async throws -> [String] {
        var seen: [String] = []
        try await withConnection { connection in
            try await connection.runScript("CREATE TABLE t (b bytea, a int, d date)")
            let changelog = try Preparing.changelog(Preparing.changeSet(changes), files: files)
            do { try await Deployer(connection).update(changelog) } catch {
                seen.append(SluiceError(wrapping: error).code.rawValue)
            }
            let rows = "SELECT (SELECT count(*) FROM t) + (SELECT count(*) FROM databasechangelog)"
            seen.append(try await connection.execute(rows).single().string(0))
        }
        return seen
    }

    @Test("a statement that is written by the types of columns does not get past the refusal")
    func typed() async throws {
        let insert = """
            <insert tableName="t"><column name="b" valueBlobFile="f"/>\
            <column name="a" valueComputed="1); COMMIT; SELECT (1"/></insert>
            """
        #expect(
            try await Self.refusal(of: insert, files: ["f": "x"]) == ["changelog.transaction-control", "0"])
        // Until the type of the column is known, the value is a text.
        let load = "<loadData tableName=\"t\" file=\"f.csv\"/>"
        #expect(
            try await Self.refusal(of: load, files: ["f.csv": "d\ncurrent_date); commit; select (1\n"])
                == ["changelog.transaction-control", "0"])
    }

    @Test("a rollback that ends its own transaction is refused, and the changeset stays in the books")
    func rollback() async throws {
        try await withConnection { connection in
            let changelog = try Preparing.changelog(
                Preparing.changeSet(
                    "<sql>create table t (a int)</sql><rollback>drop table t; commit; select nonsense</rollback>"))
            let deployer = Deployer(connection)
            try await deployer.update(changelog)
            let error = await #expect(throws: SluiceError.self) {
                try await deployer.rollBack(changelog, to: .count(1))
            }
            #expect(error?.code == "changelog.transaction-control")
            #expect(try await connection.execute("SELECT count(*) FROM t, databasechangelog").single().int(0) == 0)
            #expect(try await connection.execute("SELECT count(*) FROM databasechangelog").single().int(0) == 1)
        }
    }

    @Test("a mistake that shows before the run is told before anything has run; an author's stop is none")
    func before() async throws {
        try await withConnection { connection in
            func run(_ change: String) async throws -> String {
                let changelog = try Preparing.changelog(
                    Preparing.changeSet("<sql>create table t1 (a int)</sql>")
                        + Preparing.changeSet(change, id: "2"))
                let error = await #expect(throws: (any Error).self) { try await Deployer(connection).update(changelog) }
                let ran = try await connection.execute("SELECT count(*) FROM databasechangelog").single().int(0)
                return "\(error.map { SluiceError(wrapping: $0).code.rawValue } ?? "") behind \(ran)"
            }
            let text = String(repeating: "a", count: 200) + ";"
            let costly = try await run("<sql endDelimiter=\"(a+)+\\$\">\(text)</sql>")
            #expect(costly == "changelog.expression-too-costly behind 0")
            #expect(try await run("<stop message=\"enough\"/>") == "changelog.changeset-failed behind 1")
        }
    }
}
