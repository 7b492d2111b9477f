import Diagnostics
import Testing

@testable import Changelog

@Suite struct StatementSplitterTests {
    @Test(
        "text is cut where Liquibase cuts it",
        arguments: [
            ("select 1; select 2;", ["select 1", "select 2"]),
            ("select ';'; select \";\"", ["select ';'", "select \";\""]),
            ("select 'it''s;'; x", ["select 'it''s;'", "x"]),
            ("select 'a\\';b'; x", ["select 'a\\';b'", "x"]),
            ("-- a;b\nselect 1; /* c;d */ select 2", ["-- a;b\nselect 1", "/* c;d */ select 2"]),
            ("select 1\ngo\nselect 2\n/\nselect 3", ["select 1", "select 2", "select 3"]),
            ("select 4 / 2; x", ["select 4 / 2", "x"]),
            ("do $$\nbegin\n perform 1;\n perform 2;\nend\n$$;", ["do $$\nbegin\n perform 1;\n perform 2;\nend\n$$"]),
            ("f $$ select 1; $$;", ["f $$ select 1", "$$"]),
            ("begin transaction; x; commit", ["begin transaction", "x", "commit"]),
            ("", []), ("  \n ; ;\n", []), ("select 'never closed; x", ["select 'never closed", "x"]),
        ])
    func cuts(_ text: String, _ expected: [String]) throws {
        #expect(try StatementSplitter().split(text).map(\.text) == expected)
    }

    @Test(
        "an author's own delimiter is a text or an expression",
        arguments: [
            ("a;b\n@@\nc\n@@", "@@", ["a;b", "c"]), ("a;\nGO\nb", "\\nGO", ["a;", "b"]), ("a;;b;;", ";;", ["a", "b"]),
            ("a\n/\nb / c\n/", "/", ["a", "b / c"]), ("a|b", "|", ["a", "b"]), ("a((b", "((", ["a", "b"]),
            ("a;\nend; /", "/", ["a;\nend;"]),
        ])
    func delimiters(_ text: String, _ delimiter: String, _ expected: [String]) throws {
        #expect(try StatementSplitter(delimiter: delimiter).split(text).map(\.text) == expected)
    }

    @Test("comments are left out on request, and hints about lines stay right")
    func comments() throws {
        let pieces = try StatementSplitter(stripsComments: true).split(
            "-- one\nselect 1;\n\n/* two */ select 2; -- three")
        #expect(pieces.map(\.text) == ["select 1", "select 2"])
        #expect(pieces.map(\.lineOffset) == [1, 3])
    }

    @Test("a text that is not to be cut stays whole")
    func whole() throws {
        #expect(try StatementSplitter(splits: false).split(" a; b; ").map(\.text) == ["a; b;"])
    }

    @Test(
        "hostile text is cut in one pass",
        arguments: ["[", "/*", "'", "\"", "`", "$a", "{", "a.", "begin ", "\\'", "''", ";", "-", "\n/"])
    func hostile(_ unit: String) throws {
        // A pass for each occurrence would take minutes here.
        let text = String(repeating: unit, count: 20_000)
        #expect(try StatementSplitter().split(text).count <= 20_000)
        #expect(JDBCEscapes.native(text + "?").utf8.count <= text.utf8.count + 8)
    }

    @Test("a delimiter that takes too many steps is refused")
    func costlyDelimiter() {
        let splitter = StatementSplitter(delimiter: "(a+)+\\$")
        let error = #expect(throws: SluiceError.self) { try splitter.split(String(repeating: "a", count: 200) + ";") }
        #expect(error?.code == "changelog.expression-too-costly")
    }

    @Test(
        "the driver's escapes become the server's SQL, outside of literals",
        arguments: [
            ("a ?? b", "a ? b"), ("a ? b ? c", "a $1 b $2 c"), ("'? {d ''x''}' ? ", "'? {d ''x''}' $1 "),
            ("({d '2020-01-01'})", "(DATE '2020-01-01')"), ("$$ ? $$ -- ?\n?", "$$ ? $$ -- ?\n$1"), ("{1,2}", "{1,2}"),
            ("'\u{301}?' ?", "'\u{301}?' $1"), ("\"\u{301}?\" ?\u{301}", "\"\u{301}?\" $1\u{301}"),
            ("e'\\'?' ?", "e'\\'?' $1"), ("$é$ ? $$ $é$ ?", "$é$ ? $$ $é$ $1"), ("/* ? */ ?", "/* ? */ $1"),
        ])
    func escapes(_ text: String, _ expected: String) {
        #expect(JDBCEscapes.native(text) == expected)
    }
}
