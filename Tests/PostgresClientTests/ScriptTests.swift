import PostgresClient
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ScriptTests {
    @Test(
        "Statements end where PostgreSQL's lexer ends them",
        arguments: [
            ("", []), (" ; ;; -- only a comment\n /* and ; another */ ", []), ("SELECT 1", ["SELECT 1"]),
            ("SELECT 1; SELECT 2;", ["SELECT 1", "SELECT 2"]),
            ("SELECT ';'; SELECT 2", ["SELECT ';'", "SELECT 2"]), ("SELECT 'it''s;'; b", ["SELECT 'it''s;'", "b"]),
            (#"SELECT E'\';'; b"#, [#"SELECT E'\';'"#, "b"]), (#"SELECT '\'; b"#, [#"SELECT '\'"#, "b"]),
            ("SELECT \"a;b\"; c", ["SELECT \"a;b\"", "c"]), ("SELECT $$a;b$$; c", ["SELECT $$a;b$$", "c"]),
            ("SELECT $x$a;$$;$y$ $x$; c", ["SELECT $x$a;$$;$y$ $x$", "c"]),
            ("SELECT a$b$; c$b$", ["SELECT a$b$", "c$b$"]),
            ("SELECT 1e'a\\'; b", ["SELECT 1e'a\\'", "b"]), ("SELECT $1; b", ["SELECT $1", "b"]),
            ("a /* x; /* nested; */ ; */ b; c", ["a /* x; /* nested; */ ; */ b", "c"]),
            ("-- first;\na; -- second;\nb", ["a", "b"]), ("SELECT 'open;", ["SELECT 'open;"]),
            (
                "CREATE RULE r AS ON DELETE TO t DO (SELECT 1; SELECT 2); c",
                [
                    "CREATE RULE r AS ON DELETE TO t DO (SELECT 1; SELECT 2)", "c",
                ]
            ),
            (
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; c",
                [
                    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END", "c",
                ]
            ),
            (
                "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC SELECT 1; END; c",
                [
                    "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC SELECT 1; END", "c",
                ]
            ),
            ("BEGIN; SELECT 1; END; c", ["BEGIN", "SELECT 1", "END", "c"]),
        ] as [(String, [String])])
    func statements(script: String, expected: [String]) {
        #expect(SQLScript.statements(of: script).map { String($0.text) } == expected)
    }

    @Test("A script of many quotes, brackets and comments is walked through once, however it is nested")
    func depth() {
        let script = String(repeating: "/*", count: 20_000) + String(repeating: "(", count: 20_000) + "$a$"
        #expect(SQLScript.statements(of: script).isEmpty)
        #expect(SQLScript.statements(of: String(repeating: "(;", count: 50_000)).count == 1)
    }

    @Test("A script of ten thousand statements is read in one pass, and each knows its place")
    func length() {
        let script = (0..<10_000).map { "SELECT 'ä\($0)'; -- ;\n" }.joined()
        let statements = SQLScript.statements(of: script)
        #expect(statements.count == 10_000)
        #expect(statements.last?.text == "SELECT 'ä9999'")
        let scalars = Array(script.unicodeScalars)
        #expect(statements.allSatisfy { scalars[$0.position - 1] == "S" })
    }

    @Test("A statement that fails when it runs is named by number, line and column, and nothing of the script stays")
    func runtimeError() async throws {
        try await withConnection { connection in
            let script =
                "CREATE TABLE a (x int);\n-- a comment; with a semicolon\n  INSERT INTO a SELECT 1/0;\nSELECT 1"
            let error = await #expect(throws: PostgresError.self) { try await connection.runScript(script) }
            #expect(error?.sqlState == "22012")
            #expect(error?.script == .init(statement: 2, character: 58, line: 3, column: 3))
            let answer = try await connection.query("SELECT to_regclass('a') IS NULL").single().bool(0)
            #expect(answer)
        }
    }

    @Test("A syntax error is found at its own place, in characters of the whole script")
    func syntaxError() async throws {
        try await withConnection { connection in
            let error = await #expect(throws: PostgresError.self) {
                try await connection.runScript("SELECT 'ä🐘';\nSELECT 2;\nSELEKT 3")
            }
            #expect(error?.sqlState == "42601")
            #expect(error?.script == .init(statement: 3, character: 24, line: 3, column: 1))
        }
    }

    @Test("A column that does not exist is found in the statement that names it")
    func analysisError() async throws {
        try await withConnection { connection in
            let error = await #expect(throws: PostgresError.self) {
                try await connection.runScript("CREATE TABLE t (a int);\nSELECT a,\n  b FROM t;")
            }
            #expect(error?.script == .init(statement: 2, character: 37, line: 3, column: 3))
        }
    }

    @Test("A script's own COMMIT is obeyed, and the failing statement is still counted from the start")
    func ownTransactions() async throws {
        try await withConnection { connection in
            let error = await #expect(throws: PostgresError.self) {
                try await connection.runScript("BEGIN; CREATE TABLE kept (a int); COMMIT; SELECT 1/0; SELECT 2")
            }
            #expect(error?.script?.statement == 4)
            let answer = try await connection.query("SELECT to_regclass('kept') IS NOT NULL").single().bool(0)
            #expect(answer)
            #expect(await connection.transactionStatus == .idle)
        }
    }

    @Test("Rows of a script are dropped, COPY to the client too; COPY from the client fails by name")
    func copyInScript() async throws {
        try await withConnection { connection in
            try await connection.runScript("SELECT generate_series(1, 100000); COPY (SELECT 1) TO STDOUT; SELECT 2")
            let error = await #expect(throws: PostgresError.self) {
                try await connection.runScript("CREATE TABLE c (a int); COPY c FROM STDIN; SELECT 1")
            }
            #expect(error?.kind == .protocolViolation)
            #expect(error?.script?.statement == 2)
            #expect(try await connection.query("SELECT to_regclass('c') IS NULL").single().bool(0))
        }
    }

    @Test("An empty script is no error")
    func empty() async throws {
        try await withConnection { connection in
            try await connection.runScript(" -- nothing\n")
        }
    }
}
