import Diagnostics
import Testing

@testable import Changelog

/// The grammar of formatted SQL, down to the misspellings that are errors.
@Suite struct FormattedSQLTests {
    private func changeSets(_ body: String) throws -> [ChangeSet] {
        try Reading.changelog(["c.sql": "--liquibase formatted sql\n" + body]).changeSets
    }

    private func mistakes(_ body: String) -> [String] {
        Reading.mistakes(["c.sql": "--liquibase formatted sql\n" + body])
    }

    @Test(
        "a changeset line gives author and id",
        arguments: [
            ("--changeset bob:1", "bob", "1"), ("  --  ChangeSet bob:1 x", "bob", "1"),
            ("--changeset \"john doe\":\"id with space\"", "john doe", "id with space"),
            ("--changeset john doe:1", "john doe", "1"), ("--changeset 'a':'b'", "a", "b"),
            ("--changeset a:b:c", "a", "b:c"), ("--changeset a:\"b", "a", "\"b"),
        ])
    func header(_ line: String, _ author: String, _ id: String) throws {
        let identity = try #require(try changeSets(line + "\nselect 1;").first).identity
        #expect(identity.author == author)
        #expect(identity.id == id)
    }

    @Test("attributes are found anywhere in the line, the last fitting one counts")
    func attributes() throws {
        let all = try changeSets(
            """
            --changeset b:1 runOnChange:false RUNONCHANGE:true runAlways:yes context:"a or b" labels:L1,l2 dbms:h2,postgresql
            select 1;
            --changeset b:2 runInTransaction:false failOnError:FALSE contextFilter:x context:y ignore:true logicalFilePath:some/./l.sql
            select 1;
            --changeset b:3 rollbackSplitStatements:false rollbackEndDelimiter:GO stripComments:false
            select 1;
            --rollback drop a
            """)
        #expect(all[0].runOnChange)
        #expect(!all[0].runAlways)
        #expect(all[0].context == "a or b")
        #expect(all[0].labels == "l1,l2")
        #expect(all[0].dbms == "h2,postgresql")
        #expect(!all[1].runInTransaction)
        #expect(!all[1].failOnError)
        #expect(all[1].context == "x")
        #expect(all[1].ignore)
        #expect(all[1].identity.path == "some/l.sql")
        #expect(all[2].changes[0]["splitStatements"] == "false")
        #expect(all[2].changes[0]["endDelimiter"] == nil)
        #expect(all[2].changes[0]["stripComments"] == "false")
        guard case .changes(let rollback) = all[2].rollback else {
            Issue.record("the rollback is lost")
            return
        }
        #expect(rollback[0].value == "drop a\n")
        #expect(rollback[0]["endDelimiter"] == "GO")
    }

    @Test("comments, checksums and preconditions belong to their changeset")
    func directives() throws {
        let changeSet = try #require(
            try changeSets(
                """
                --changeset b:1
                --comment: first
                --comment  second
                --validCheckSum: 9:abc
                --validCheckSum ANY
                --preconditions onFail:MARK_RAN onError:HALT onUpdateSQL:RUN
                --precondition-sql-check expectedResult:"0 x" select count(*) from t
                --precondition-sql-check 1 select 1
                --precondition-table-exists table:t schema:s
                --precondition-view-exists view:v
                select 1;
                """
            ).first)
        #expect(changeSet.comment == " second")
        #expect(changeSet.validCheckSums == ["9:abc", "ANY"])
        let preconditions = try #require(changeSet.preconditions)
        #expect(preconditions["onFail"] == "MARK_RAN")
        #expect(preconditions["onSqlOutput"] == "RUN")
        let checks = preconditions.children(named: "sqlCheck")
        #expect(checks.map { $0["expectedResult"] } == ["0 x", "1"])
        #expect(checks[0]["sql"] == "select count(*) from t")
        #expect(preconditions.child("tableExists")?["schemaName"] == "s")
        #expect(preconditions.child("viewExists")?["viewName"] == "v")
    }

    @Test("the SQL is trimmed and begins where it begins")
    func body() throws {
        let changeSet = try #require(try changeSets("--changeset b:1\n\n  -- note\nselect 1;\r\nselect 2;\n\n").first)
        #expect(changeSet.changes[0].value == "-- note\nselect 1;\nselect 2;")
        #expect(changeSet.changes[0].location.line == 4)
        #expect(changeSet.location.line == 2)
    }

    @Test("a slash on the last line ends statements, in the last changeset")
    func slash() throws {
        let all = try changeSets("--changeset b:1\nselect 1\n/\n--changeset b:2\nselect 1\n/\n")
        #expect(all.map { $0.changes[0]["endDelimiter"] } == [nil, "\n/$"])
    }

    @Test("rollbacks are lines, blocks, words or another changeset")
    func rollbacks() throws {
        let all = try changeSets(
            """
            --changeset b:1
            select 1;
            --rollback drop a;
            --ROLLBACK drop b;
            --changeset b:2
            select 1;
            /* liquibase rollback
               drop c;
            drop d; */
            --changeset b:3
            select 1;
            --rollback not required
            --changeset b:4
            select 1;
            --rollback changesetId:1 changesetAuthor:b
            --changeset b:5
            select 1;
            """)
        func sql(_ index: Int) -> String? {
            guard case .changes(let nodes) = all[index].rollback else { return nil }
            return nodes.first?.value
        }
        #expect(sql(0) == "drop a;\ndrop b;\n")
        #expect(sql(1) == "   drop c;drop d; ")
        if case .empty = all[2].rollback {} else { Issue.record("'not required' is an empty rollback") }
        if case .changeSet(let identity) = all[3].rollback {
            #expect(identity == all[0].identity)
        } else {
            Issue.record("a rollback by changesetId names the changeset")
        }
        if case .automatic = all[4].rollback {} else { Issue.record("no rollback is automatic") }
    }

    @Test("ignored lines are none")
    func ignoredLines() throws {
        let all = try changeSets(
            """
            --changeset b:1
            select 1;
            --ignoreLines:2
            no
            no
            --ignoreLines:start
            --changeset no:no
            --ignoreLines:end
            select 2;
            """)
        #expect(all.map { $0.changes[0].value } == ["select 1;\nselect 2;"])
    }

    @Test("properties are expanded in SQL, not in comments")
    func properties() throws {
        let changeSet = try #require(
            try changeSets(
                "--property name:x value:y dbms:postgresql\n--changeset b:${x}\n--comment ${x}\nselect '${x}';"
            ).first)
        #expect(changeSet.identity.id == "y")
        #expect(changeSet.comment == "${x}")
        #expect(changeSet.changes[0].value == "select 'y';")
    }

    @Test(
        "a directive that is misspelt is an error",
        arguments: [
            "-changeset b:2", "--changeset", "--changeset b", "--changesetb:2", "--changeset b: 2", "-- property x",
            "- property name:x value:y", "-rollback x", "-comment x", "--comments: x", "- preconditions onFail:HALT",
            "-precondition-sql-check 1 x", "-validCheckSum x", "-ignoreLines:2", "--ignore:2",
        ])
    func misspelt(_ line: String) {
        #expect(mistakes("--changeset b:1\nselect 1;\n\(line)\n") == ["changelog.sql.directive at c.sql:4:1"])
    }

    @Test(
        "what only looks like a directive is a comment",
        arguments: [
            "--rollback", "--validCheckSum:9:x", "-- precondition x", "  --comment x", "--commentary",
            "--- changeset x",
            "--ignoreLines:start now",
        ])
    func lookalike(_ line: String) throws {
        let changeSet = try #require(try changeSets("--changeset b:1\nselect 1;\n\(line)\nselect 2;").first)
        #expect(changeSet.changes[0].value == "select 1;\n\(line)\nselect 2;")
    }

    @Test(
        "other mistakes have their own codes",
        arguments: [
            ("--comment x", "changelog.sql.directive at c.sql:2:1"),
            ("--changeset b:1\n--changeset b:2\nselect 1", "changelog.sql.empty at c.sql:2:1"),
            ("--changeset b:1\nselect 1\n--liquibase formatted sql", "changelog.sql.header at c.sql:4:1"),
            ("--changeset b:1\nselect 1\n/* liquibase rollback\nx", "changelog.sql.rollback at c.sql:4:1"),
            ("--changeset b:1\n--precondition-x y\nselect 1", "changelog.sql.precondition at c.sql:3:1"),
            ("--changeset b:1\n--precondition-sql-check\nselect 1", "changelog.sql.precondition at c.sql:3:1"),
            ("--changeset b:1\n--ignoreLines:some\nselect 1", "changelog.sql.directive at c.sql:3:1"),
        ])
    func mistakes(_ body: String, _ mistake: String) {
        #expect(mistakes(body) == [mistake])
    }
}
