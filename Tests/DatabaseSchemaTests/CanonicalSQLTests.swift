import Testing

@testable import DatabaseSchema

struct CanonicalSQLTests {
    /// Texts as PostgreSQL 15.18, 16.2 and 18.4 print them for the same statement.
    @Test(
        "A view's query as written by version 15 is the same as by 16 and 18",
        arguments: [
            (
                " SELECT parent.id,\n    parent.name\n   FROM app.parent\n  WHERE (parent.id > 3);",
                " SELECT id,\n    name\n   FROM app.parent\n  WHERE (id > 3);"
            ),
            (
                " SELECT a.id\n   FROM app.parent a(id, name) TABLESAMPLE system (10)",
                " SELECT id\n   FROM app.parent a(id, name) TABLESAMPLE system (10)"
            ),
            (
                " SELECT EXTRACT(year FROM parent.at) AS y,\n    (parent.at AT TIME ZONE 'utc'::text) AS u\n   FROM app.parent;",
                " SELECT EXTRACT(year FROM at) AS y,\n    (at AT TIME ZONE 'utc'::text) AS u\n   FROM app.parent;"
            ),
            (
                " SELECT parent.id,\n    ( SELECT count(*) AS count\n           FROM app.child ch\n          WHERE (ch.parent_id = parent.id)) AS cnt,\n    parent.*::app.parent AS whole\n   FROM app.parent\n  ORDER BY parent.name DESC;",
                " SELECT id,\n    ( SELECT count(*) AS count\n           FROM app.child ch\n          WHERE (ch.parent_id = parent.id)) AS cnt,\n    parent.*::app.parent AS whole\n   FROM app.parent\n  ORDER BY name DESC;"
            ),
            (
                " WITH RECURSIVE t(n) AS (\n         VALUES (1)\n        UNION ALL\n         SELECT (t_1.n + 1)\n           FROM t t_1\n          WHERE (t_1.n < 5)\n        )\n SELECT t.n\n   FROM t;",
                " WITH RECURSIVE t(n) AS (\n         VALUES (1)\n        UNION ALL\n         SELECT (t_1.n + 1)\n           FROM t t_1\n          WHERE (t_1.n < 5)\n        )\n SELECT n\n   FROM t;"
            ),
            (
                " SELECT (s.c).a AS a\n   FROM ( SELECT ROW(1, 'x'::text)::app.pair AS c) s;",
                " SELECT (c).a AS a\n   FROM ( SELECT ROW(1, 'x'::text)::app.pair AS c) s;"
            ),
            (
                " SELECT x.a\n   FROM json_to_recordset('[]'::json) x(a integer, b text);",
                " SELECT a\n   FROM json_to_recordset('[]'::json) x(a integer, b text);"
            ),
            (
                " SELECT lower(parent.name) AS name\n   FROM app.parent\n  ORDER BY (lower(parent.name)), parent.name;",
                " SELECT lower(name) AS name\n   FROM app.parent\n  ORDER BY (lower(name)), parent.name;"
            ),
            (
                " SELECT json.value AS \"select\"\n   FROM app.parent p2,\n    LATERAL ( SELECT p2.id AS value) json;",
                " SELECT \"json\".value AS \"select\"\n   FROM app.parent p2,\n    LATERAL ( SELECT p2.id AS value) \"json\";"
            ),
        ])
    func versions(_ old: String, _ new: String) {
        #expect(CanonicalSQL.view(old) == CanonicalSQL.view(new))
    }

    @Test(
        "What says something stays: two views that differ do so in the canonical form too",
        arguments: [
            // Of several relations, which one is meant.
            (
                " SELECT a.id FROM (app.t a JOIN app.t b ON (true));",
                " SELECT b.id FROM (app.t a JOIN app.t b ON (true));"
            ),
            (" SELECT a.id FROM app.t a, app.t b;", " SELECT b.id FROM app.t a, app.t b;"),
            // A subquery's own relation and the outer one.
            (
                " SELECT ( SELECT b.id FROM app.t b) AS x FROM app.t a;",
                " SELECT ( SELECT a.id FROM app.t b) AS x FROM app.t a;"
            ),
            // Schemas of functions, types and collations that are called as the relation is.
            (" SELECT app.f(x) FROM app.t app;", " SELECT f(x) FROM app.t app;"),
            (" SELECT (x)::app.pair FROM app.t app;", " SELECT (x)::pair FROM app.t app;"),
            (" SELECT (x COLLATE app.c) FROM app.t app;", " SELECT (x COLLATE c) FROM app.t app;"),
            (" SELECT a.*::app.t FROM app.t a;", " SELECT *::app.t FROM app.t a;"),
            // Texts.
            (" SELECT 'a.id' FROM app.t a;", " SELECT 'id' FROM app.t a;"),
            (" SELECT 'a  b';", " SELECT 'a b';"), (" SELECT 'it''s  x';", " SELECT 'it''s x';"),
            (" SELECT \"A\" FROM t;", " SELECT a FROM t;"), (" SELECT \"true\" FROM t;", " SELECT true FROM t;"),
            (" SELECT a.id FROM app.t a;", " SELECT a.id FROM app.u a;"),
        ])
    func differences(_ one: String, _ other: String) {
        #expect(CanonicalSQL.view(one) != CanonicalSQL.view(other))
    }

    @Test(
        "Words that became keywords, and blanks, make no difference in an expression",
        arguments: [
            ("CHECK ((json > 1))", "CHECK ((\"json\" > 1))"), ("(a   +\n b)", "(a + b)"),
            ("\"merge\".\"value\"", "merge.value"),
        ])
    func expressions(_ one: String, _ other: String) {
        #expect(CanonicalSQL.expression(one) == CanonicalSQL.expression(other))
    }

    @Test(
        "Texts that are no SQL are taken in without harm",
        arguments: [
            "", "'", "\"", "((((", "))))", "SELECT FROM", "a.", ".", "'a''", "\"\"", "SELECT ( SELECT", "é\u{301}'",
        ])
    func garbage(_ text: String) {
        _ = CanonicalSQL.view(text)
        _ = CanonicalSQL.expression(text)
    }

    @Test("Rights on a table that are all rights are the same with and without MAINTAIN, which came later")
    func maintain() {
        func canonical(_ grant: String) -> SchemaObject {
            SchemaObject(.table, SchemaName(["s", "t"]), [.grants: .list([grant])]).canonical
        }
        let all = "r: DELETE, INSERT, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE"
        #expect(canonical(all.replacing("REF", with: "MAINTAIN, REF")) == canonical(all))
        #expect(canonical("r: MAINTAIN, SELECT") != canonical("r: SELECT"))
    }
}
