import Diagnostics
import Testing

@testable import Changelog

/// Small input that would cost much time or memory; B-01. The limit of time is far above what a pass takes, and far below
/// what a pass for each part takes.
@Suite(.timeLimit(.minutes(10))) struct CostlyInputTests {
    private func mistakes(_ files: [String: String], root: String? = nil) -> [String] {
        Reading.mistakes(files, root: root).map { String($0.prefix { $0 != " " }) }
    }

    @Test("an element with very many attributes is refused before its attributes are compared")
    func attributes() {
        let many = (0..<50_000).map { "a\($0)=''" }.joined(separator: " ")
        let text = Reading.xml("<!-- '<a' --><changeSet \(many)/>")
        #expect(Reading.mistakes(["c.xml": text]) == ["changelog.too-large at c.xml:2"])
    }

    @Test("what looks like attributes in texts and comments is none")
    func noAttributes() {
        let many = String(repeating: "a = 'b', ", count: 1000)
        let text = Reading.xml(
            "<!-- <x \(many) --><changeSet id='1' author='a'><sql><![CDATA[<x \(many)]]></sql></changeSet>")
        #expect(mistakes(["c.xml": text]).isEmpty)
    }

    @Test("an encoding that could hide the marks of XML is refused", arguments: ["utf-7", "utf-32", "ibm037"])
    func encodings(_ name: String) {
        let text = "<?xml version='1.0' encoding='\(name)'?>" + Reading.xml("<!-- é -->")
        #expect(mistakes(["c.xml": text]) == ["changelog.encoding"])
    }

    @Test("lines that end in carriage returns alone are read in one pass")
    func carriageReturns() {
        #expect(LineSequence(String(repeating: "\r", count: 500_000)).count { _ in true } == 500_000)
        #expect(Array(LineSequence("a\r\nb\rc\n\nd")) == ["a", "b", "c", "", "d"])
    }

    @Test("a property that is continued over very many lines is read in one pass")
    func continuedProperty() {
        let text = "name = " + String(repeating: "xxxxxxxx\\\n", count: 100_000) + "end"
        #expect(PropertiesFile.read(Array(text.utf8)).map(\.value.utf8.count) == [800_003])
    }

    @Test("an expression of very many words is read in one pass, and too long a one is refused")
    func longExpressions() {
        #expect(FilterExpression(String(repeating: "a or ", count: 20_000) + "b")?.holds(for: ["b"]) == true)
        let long = String(repeating: "a", count: 1001)
        #expect(
            mistakes(["c.xml": Reading.xml("<changeSet id='1' author='a' labels='\(long)' context='\(long)'/>")])
                == ["changelog.too-large", "changelog.too-large"])
    }

    @Test("ten thousand rollbacks by reference are resolved without looking through all changesets for each")
    func references() throws {
        let sets = (0..<10_000).map { number in
            "<changeSet id='\(number)' author='a'><sql>x</sql>"
                + "<rollback changeSetId='\(max(0, number - 1))' changeSetAuthor='A'/></changeSet>"
        }
        let text = Reading.xml("<changeSet id='0' author='A'/>" + sets.dropFirst().joined())
        #expect(try Reading.changelog(["c.xml": text]).changeSets.count == 10_000)
    }

    @Test("properties of one name that do not hold cost nothing when the name is asked for")
    func properties() throws {
        let definitions = String(repeating: "<property name='p' value='x' dbms='oracle'/>", count: 20_000)
        let uses = (0..<2000).map { "<changeSet id='${p}\($0)' author='a'/>" }.joined()
        let text = Reading.xml(definitions + "<property name='p' value='y'/>" + uses)
        #expect(try Reading.changelog(["c.xml": text]).changeSets.last?.identity.id == "y1999")
    }

    @Test("properties may add so much to all files together")
    func expansion() {
        var limits = ChangelogLimits()
        limits.totalExpandedBytes = 5000
        let value = String(repeating: "x", count: 1000)
        var files = ["a.xml": Reading.xml("<property name='p' value='\(value)'/><includeAll path='d'/>")]
        for number in 0..<7 {
            files["d/\(number).sql"] = "--liquibase formatted sql\n--changeset a:1\nselect '${p}';\n"
        }
        #expect(
            Reading.mistakes(files, root: "a.xml", limits: limits).map { $0.prefix(31) }
                == ["changelog.property-size at d/5.", "changelog.property-size at d/6."])
    }

    @Test("a large file may not be named as often as one likes")
    func namedFiles() throws {
        let source = MeteredSource(MemorySource(["f.sql": Array(repeating: 0x20, count: 1000)]), limit: 2500)
        for _ in 0..<2 { #expect(try source.contents(of: "f.sql")?.count == 1000) }
        let error = #expect(throws: SluiceError.self) { try source.contents(of: "f.sql") }
        #expect(error?.code == "changelog.too-large")
    }

    @Test(
        "a rule that takes too many steps is refused, and so is one that makes too much text",
        arguments: [
            ("<regExpReplace replace='(a+)+$' with=''/>", "changelog.expression-too-costly"),
            ("<regExpReplace replace='a' with='0123456789'/>", "changelog.too-large"),
            ("<replace replace='a' with='0123456789'/>", "changelog.too-large"),
            (String(repeating: "<replace replace='a' with='aa'/>", count: 64), "changelog.too-large"),
            (String(repeating: "<append value='0123456789'/>", count: 500), "changelog.too-large"),
            ("<regExpReplace replace='a(a+)b' with='$1c'/>", nil),
        ])
    func rules(_ rules: String, _ code: String?) throws {
        let budget = BoundedExpression.Budget(portions: 20, growth: 4000)
        let prepared = try Preparing.only("<sql>x</sql><modifySql>\(rules)</modifySql>")
        let statement = SQLStatement(String(repeating: "a", count: 1000) + "b")
        do {
            let sql = try prepared.modifications.applied(to: [statement], within: budget)
            #expect(code == nil && sql.map(\.text) == [String(repeating: "a", count: 999) + "c"])
        } catch {
            #expect(SluiceError(wrapping: error).code.rawValue == code)
        }
    }

    @Test(
        "matches are replaced by templates",
        arguments: [
            ("(a)(b)?", "[$1$2$0]", "xab ac", "x[abab] [aa]c"), ("b", "\\$1\\\\", "abc", "a$1\\c"),
            ("b", "$", "abc", "a$c"),
            ("(b)", "$12", "abc", "ab2c"), ("x*", "-", "é", "-é-"), ("[", "-", "a[b", "a[b"),
        ])
    func templates(_ pattern: String, _ template: String, _ text: String, _ expected: String) throws {
        var budget = BoundedExpression.Budget()
        #expect(
            try BoundedExpression(pattern)?.replacing(in: text, with: template, &budget) ?? text == expected)
    }

    @Test("a quoted value over very many lines is read in one pass, and very many empty lines take little room")
    func csv() throws {
        let many = String(repeating: "\n", count: 500_000)
        #expect(try CSVReader().rows("a\n\"\(many)\"").last?.first?.utf8.count == 500_000)
        #expect(throws: CSVReader.Unterminated.self) { try CSVReader().rows("a\n\"\(many)") }
        #expect(try CSVReader().rows(many).count == 500_000)
    }

    @Test(
        "rows of separated values are read as Liquibase reads them",
        arguments: [
            ("a,\"b\nc\",d\n", [["a", "b\nc", "d"]]), ("\"a\"\"\n\"\"b\",c", [["a\"\n\"b", "c"]]),
            ("\"\n\n\",\"x\ny\"\nz", [["\n\n", "x\ny"], ["z"]]), ("\"a\",\"\"\n\nb", [["a", ""], [""], ["b"]]),
            ("a\"b,\"c\"d\n\",e", [["a\"b", "c\"d\n", "e"]]), ("\"\n\"", [["\n"]]), ("a,", [["a", ""]]),
        ])
    func values(_ text: String, _ expected: [[String]]) throws {
        #expect(try CSVReader().rows(text) == expected)
    }

    @Test("a delimiter is no longer than any that means something")
    func delimiters() {
        func mistakes(_ length: Int) -> [String] {
            Preparing.mistakes("<sql endDelimiter=\"\(String(repeating: "@", count: length))\">x</sql>")
        }
        #expect(mistakes(256).isEmpty)
        #expect(mistakes(257).map { $0.prefix(25) } == ["changelog.invalid-change:"])
    }

    @Test("very many unknown attributes are named in a bounded list")
    func unknownAttributes() {
        let many = (0..<400).map { "a\($0)='x'" }.joined(separator: " ")
        #expect(Preparing.mistakes("<dropTable tableName='t' \(many)/>").count == 20)
        #expect(Preparing.mistakes(String(repeating: "<nosuch/>", count: 1000)).count == 200)
    }
}
