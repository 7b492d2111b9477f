import Testing

@testable import SQLSyntax

@Suite struct SQLSyntaxTests {
    @Test("each statement that rules ask about is told apart", arguments: Cases.statements)
    func kinds(_ sql: String, _ kind: Statement.Kind) throws {
        #expect(try SQLSyntax.parse(sql).map(\.kind) == [kind])
    }

    @Test("a table is read with its columns, types and constraints")
    func createTable() throws {
        let sql = """
            CREATE TABLE IF NOT EXISTS a.t (id bigserial PRIMARY KEY, "Name" varchar(20) NOT NULL DEFAULT 'x',
              amount numeric(10,0)[], made timestamptz DEFAULT current_timestamp, CONSTRAINT c CHECK (id IS NOT NULL))
            """
        guard case .createTable(let table) = try SQLSyntax.parse(sql).first?.kind else {
            Issue.record("no table")
            return
        }
        #expect(table.name == QualifiedName("t", schema: "a"))
        #expect(table.ifNotExists && !table.isTemporary)
        #expect(table.columns.map(\.name) == ["id", "Name", "amount", "made"])
        #expect(
            table.columns.map(\.type.description) == ["bigserial", "varchar(20)", "numeric(10,0)[]", "timestamptz"])
        #expect(table.columns.map(\.isNotNull) == [true, true, false, false])
        #expect(table.columns.map(\.isFilled) == [true, false, false, false])
        #expect(table.columns.last?.defaultValue?.functions == [QualifiedName("current_timestamp")])
        #expect(table.constraints.map(\.name) == ["c"])
        guard case .check(let check) = table.constraints.first?.kind else {
            Issue.record("no check")
            return
        }
        #expect(check.nonNullColumns == ["id"])
    }

    @Test("each action of ALTER TABLE is told apart")
    func alterTable() throws {
        let sql = """
            ALTER TABLE s.t ADD COLUMN c int NOT NULL DEFAULT 1, ALTER c TYPE varchar(30) USING c::text,
              ALTER c SET NOT NULL, ALTER c DROP NOT NULL, DROP COLUMN x, ADD CONSTRAINT fk FOREIGN KEY (a)
              REFERENCES b(id) NOT VALID, ADD UNIQUE USING INDEX ux, VALIDATE CONSTRAINT fk, SET UNLOGGED
            """
        guard case .alterTable(let change) = try SQLSyntax.parse(sql).first?.kind else {
            Issue.record("no ALTER TABLE")
            return
        }
        #expect(change.table == QualifiedName("t", schema: "s"))
        #expect(change.actions.count == 9)
        guard case .addColumn(let column) = change.actions[0], case .addConstraint(let key) = change.actions[5],
            case .addConstraint(let unique) = change.actions[6]
        else {
            Issue.record("not these actions")
            return
        }
        #expect(column.isNotNull && column.defaultValue?.isNull == false)
        #expect(
            change.actions[1]
                == .alterType(
                    column: "c", TypeName(QualifiedName("varchar"), modifiers: [30]), hasConversion: true))
        #expect(change.actions[2...4] == [.setNotNull("c"), .dropNotNull("c"), .dropColumn("x")])
        #expect(key.kind == .foreignKey(QualifiedName("b")) && key.isNotValid && key.columns == ["a"])
        #expect(unique.kind == .unique && unique.index == "ux")
        #expect(change.actions[7...8] == [.validateConstraint("fk"), .rewrite("SET UNLOGGED")])
    }

    @Test("a text of several statements, with comments, gives each with its verb")
    func several() throws {
        let statements = try SQLSyntax.parse("-- drop table x;\nSELECT ';'; /* a */ alter\n table t add b int; -- end")
        #expect(statements.map(\.verb) == ["SELECT", "ALTER TABLE"])
        #expect(try SQLSyntax.parse(" -- nothing").isEmpty)
        let long = "ALTER SYSTEM SET x = '\(String(repeating: "y", count: 500))'"
        #expect(try SQLSyntax.parse(long).map(\.verb) == ["ALTER SYSTEM"])
    }

    @Test("a text that the grammar refuses says where")
    func mistake() {
        #expect(throws: SQLSyntaxError("syntax error at or near \"TABEL\"", position: 8)) {
            try SQLSyntax.parse("CREATE TABEL t ()")
        }
        #expect(throws: SQLSyntaxError.self) { try SQLSyntax.parse("SELECT 'open") }
        #expect(throws: SQLSyntaxError.self) { try SQLSyntax.parse("SELECT 1\u{0}; DROP TABLE t") }
    }

    @Test("B-01 text that nests without end is refused, not crashed on", arguments: Cases.hostile)
    func hostile(_ opening: String, _ middle: String, _ closing: String) {
        func text(_ depth: Int) -> String {
            "SELECT " + String(repeating: opening, count: depth) + middle + String(repeating: closing, count: depth)
        }
        for depth in [200, 480, 990] { _ = try? SQLSyntax.parse(text(depth)) }
        #expect(throws: SQLSyntaxError.self) { try SQLSyntax.parse(text(5000)) }
    }

    @Test("a long list, a long script and a long data change are read whole")
    func wide() throws {
        let numbers = Array(repeating: "(1, 'a', now())", count: 5000).joined(separator: ", ")
        #expect(
            try SQLSyntax.parse("INSERT INTO t VALUES \(numbers)").map(\.kind)
                == [.change(DataChange(verb: .insert, table: QualifiedName("t"), hasCondition: true))])
        let script = String(repeating: "UPDATE t SET a = b + 1 WHERE c = 2 OR d = 3;\n", count: 2000)
        #expect(try SQLSyntax.parse(script).count == 2000)
        let sum = Array(repeating: "a", count: 400).joined(separator: " || ")
        #expect(try SQLSyntax.parse("SELECT \(sum)").map(\.kind) == [.query])
    }

    @Test("a tree of too many parts is refused, not cut")
    func tooManyParts() throws {
        let columns = (0..<50).map { "ADD c\($0) int" }.joined(separator: ", ")
        let sql = "ALTER TABLE t \(columns), DROP COLUMN x"
        #expect(throws: SQLSyntaxError("the statement has more than 100 parts", isLimit: true)) {
            try SQLSyntax.parse(sql, limits: SQLSyntaxLimits(parts: 100))
        }
        #expect(try SQLSyntax.parse(sql).count == 1)
    }

    @Test("a text over the limit is refused before it is read")
    func tooLong() {
        let limits = SQLSyntaxLimits(length: 20)
        #expect(throws: SQLSyntaxError("the statement is longer than 20 bytes", isLimit: true)) {
            try SQLSyntax.parse("SELECT 1 + 1 + 1 + 1 + 1", limits: limits)
        }
    }

    @Test("the bound on nesting counts what follows a bracket, and joins over commas", arguments: Cases.bounds)
    func bound(_ sql: String, _ bound: Int) throws {
        #expect(NestingBound.of(try ScanToken.tokens(of: sql), in: sql) == bound)
    }
}

private enum Cases {
    static let t = QualifiedName("t")
    static let statements: [(String, Statement.Kind)] = [
        ("create temp table t as select 1", .createFilled(t, .table, isTemporary: true)),
        ("select 1 into t", .createFilled(t, .table, isTemporary: false)),
        ("create materialized view t as select 1", .createFilled(t, .materializedView, isTemporary: false)),
        (
            "create unique index concurrently if not exists i on s.t (a)",
            .createIndex(
                CreateIndex(name: "i", table: QualifiedName("t", schema: "s"), isConcurrent: true, ifNotExists: true))
        ),
        (
            "drop index concurrently i, s.j cascade",
            .drop(
                Drop(
                    kind: .index, names: [QualifiedName("i"), QualifiedName("j", schema: "s")], isCascade: true,
                    isConcurrent: true))
        ),
        (
            "drop schema t", .drop(Drop(kind: .schema, names: [t], isCascade: false, isConcurrent: false))
        ),
        ("drop type t", .drop(Drop(kind: .type, names: [t], isCascade: false, isConcurrent: false))),
        ("drop function t(int)", .drop(Drop(kind: .function, names: [t], isCascade: false, isConcurrent: false))),
        ("alter table t rename to u", .rename(Rename(kind: .table, object: t, part: nil, newName: "u"))),
        ("alter table t rename a to b", .rename(Rename(kind: .column, object: t, part: "a", newName: "b"))),
        ("alter table t set schema s", .move(.table, t, toSchema: "s")),
        ("truncate t, s.t", .truncate([t, QualifiedName("t", schema: "s")])),
        ("delete from t", .change(DataChange(verb: .delete, table: t, hasCondition: false))),
        ("delete from t where a = 1", .change(DataChange(verb: .delete, table: t, hasCondition: true))),
        ("update t set a = 1", .change(DataChange(verb: .update, table: t, hasCondition: false))),
        ("copy t from stdin", .change(DataChange(verb: .copy, table: t, hasCondition: true))),
        ("vacuum full t", .vacuum(isFull: true, [t])),
        ("vacuum (full false) t", .vacuum(isFull: false, [t])),
        ("analyze t", .other("VacuumStmt")),
        ("cluster t using i", .cluster(t)),
        ("reindex (concurrently) index i", .reindex(isConcurrent: true)),
        ("reindex table t", .reindex(isConcurrent: false)),
        ("lock table t in share mode", .lock([t])),
        ("refresh materialized view concurrently t", .refresh(t, isConcurrent: true)),
        ("alter type e add value 'x'", .addEnumValue),
        ("alter type e rename value 'x' to 'y'", .other("AlterEnumStmt")),
        ("set search_path = x", .setting(name: "search_path", isLocal: false)),
        ("set local role x", .setting(name: "role", isLocal: true)),
        ("select pg_catalog.set_config('search_path', '', false)", .setting(name: "search_path", isLocal: false)),
        ("select set_config('a.b', '', true)", .setting(name: "a.b", isLocal: true)),
        ("savepoint a", .transaction), ("select 1", .query),
        ("create role r", .clusterWide), ("alter role r set x = 1", .clusterWide), ("grant r to q", .clusterWide),
        ("drop database d", .clusterWide), ("alter system set x = 1", .clusterWide),
        ("alter role a rename to b", .clusterWide), ("create tablespace t location '/x'", .clusterWide),
        ("grant select on t to r", .other("GrantStmt")), ("do $$begin end$$", .other("DoStmt")),
    ]

    static let hostile: [(String, String, String)] = [
        ("(", "1", ")"), ("(SELECT ", "1", ")"), ("1 + ", "1", ""), ("NOT ", "true", ""), ("- ", "1", ""),
        ("f(", "1", ")"), ("ARRAY[", "1", "]"), ("1 UNION SELECT ", "1", ""), ("1, 2 UNION SELECT ", "1", ""),
        ("", "1 FROM a", " CROSS JOIN b"), ("", "a", "[1]"), ("", "a", "::int"), ("", "a", " IS NULL"),
        ("CASE WHEN a THEN ", "1", " END"), ("(1, ", "2", ")"), ("((", "1", ""), ("", "1", "))"),
        ("a IN (", "1", ")"), ("EXISTS (SELECT ", "1", ")"), ("", "x", ".y"), ("ROW(1, ", "2", ")"),
    ]

    static let bounds: [(String, Int)] = [
        ("a", 1), ("a + b", 3), ("a, b, c", 1), ("(a)", 3), ("(a) + b + c", 7), ("(a, b), (c)", 3),
        ("select 1, 2 union select 1, 2 union select 1, 2", 6), ("a + b; c", 3), ("((", 2),
        ("'union, (' || \"join\"", 3),
    ]
}
