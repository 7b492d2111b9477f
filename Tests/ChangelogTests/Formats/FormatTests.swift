import Diagnostics
import Testing

@testable import Changelog

/// One changelog in each format: the same nodes come out.
@Suite struct FormatTests {
    private func only(_ files: [String: String]) throws -> ChangeSet {
        let changeSets = try Reading.changelog(files).changeSets
        try #require(changeSets.count == 1)
        return changeSets[0]
    }

    private func check(_ changeSet: ChangeSet) throws {
        #expect(changeSet.identity.id == "1")
        #expect(changeSet.identity.author == "ann")
        #expect(changeSet.context == "test")
        #expect(changeSet.labels == "a,b")
        #expect(changeSet.comment == "makes t")
        #expect(changeSet.runOnChange)
        #expect(!changeSet.failOnError)
        let change = try #require(changeSet.changes.first)
        #expect(change.name == "createTable")
        #expect(change["tableName"] == "t")
        let column = try #require((change.child("columns") ?? change).child("column"))
        #expect(column["name"] == "id")
        #expect(column.child("constraints")?["nullable"] == "false")
        guard case .changes(let rollback) = changeSet.rollback else {
            Issue.record("the rollback is lost")
            return
        }
        #expect(rollback.map(\.name) == ["dropTable"])
    }

    @Test("XML attributes and elements become children with their places")
    func xml() throws {
        let text = Reading.xml(
            """
              <changeSet id="1" author="ann" context="test" labels="A, b" runOnChange="true" failOnError="false">
                <comment>  makes t </comment>
                <createTable tableName="t">
                  <column name="id" type="int"><constraints nullable="false"/></column>
                </createTable>
                <rollback><dropTable tableName="t"/></rollback>
              </changeSet>
            """)
        let changeSet = try only(["c.xml": text])
        try check(changeSet)
        #expect(changeSet.location == SourceLocation(file: "c.xml", line: 2, column: 3))
        #expect(changeSet.changes[0].location == SourceLocation(file: "c.xml", line: 4, column: 5))
    }

    @Test("YAML lists of mappings become children with their places")
    func yaml() throws {
        let text = """
            databaseChangeLog:
              - changeSet:
                  id: 1
                  author: ann
                  context: test
                  labels: A, b
                  runOnChange: yes
                  failOnError: false
                  comment: makes t
                  changes:
                    - createTable:
                        tableName: t
                        columns:
                          - column: {name: id, type: int, constraints: {nullable: false}}
                  rollback:
                    - dropTable: {tableName: t}
            """
        let changeSet = try only(["c.yaml": text])
        try check(changeSet)
        #expect(changeSet.location == SourceLocation(file: "c.yaml", line: 2, column: 5))
        #expect(changeSet.changes[0].location == SourceLocation(file: "c.yaml", line: 11, column: 11))
    }

    @Test("JSON reads as the YAML that it is")
    func json() throws {
        let text = """
            {"databaseChangeLog": [{"changeSet": {"id": "1", "author": "ann", "context": "test", "labels": "a,b",
            "runOnChange": true, "failOnError": false, "comment": "makes t", "changes": [{"createTable": {
            \t"tableName": "t", "columns": [{"column": {"name": "id", "type": "int", "constraints": {"nullable": false}}}]}}],
            "rollback": [{"dropTable": {"tableName": "t"}}]}}]}
            """
        try check(try only(["c.json": text]))
    }

    @Test("the prolog of XML 1.1, other encodings and a byte order mark are read")
    func xmlEncodings() throws {
        let body = Reading.xml("<changeSet id=\"1\" author=\"ї\"><sql>x &lt; y &amp;&#x41;</sql></changeSet>")
        let texts: [[UInt8]] = [
            Array("<?xml version=\"1.1\" encoding=\"UTF-8\"?>\(body)".utf8),
            [0xEF, 0xBB, 0xBF] + Array(body.utf8),
            [0xFF, 0xFE] + Array(body.utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] },
            Array("<?xml version='1.0' encoding='windows-1251'?>".utf8)
                + body.unicodeScalars.map { $0 == "ї" ? 0xBF : UInt8($0.value) },
        ]
        for text in texts {
            let changeSet = try #require(try Reading.changelog(bytes: ["c.xml": text]).changeSets.first)
            #expect(changeSet.identity.author == "ї")
            #expect(changeSet.changes[0].value == "x < y &A")
        }
    }

    @Test("an ampersand in an attribute is one ampersand", arguments: ["&amp;", "&#38;", "&#x26;"])
    func ampersand(_ written: String) throws {
        let text = Reading.xml("<changeSet id=\"a\(written)#38;b\" author=\"x\"><empty/></changeSet>")
        #expect(try only(["c.xml": text]).identity.id == "a&#38;b")
    }

    @Test("a plain SQL file is one changeset that is run as it stands")
    func plainSQL() throws {
        let changeSet = try only(["d/p.sql": "create table ${x} (id int);\n"])
        #expect(changeSet.identity == ChangeSet.Identity(id: "raw", author: "includeAll", path: "d/p.sql"))
        #expect(changeSet.changes[0].value == "create table ${x} (id int);\n")
        #expect(changeSet.changes[0]["splitStatements"] == "false")
    }

    @Test("YAML anchors and merge keys are followed")
    func merge() throws {
        let text = """
            databaseChangeLog:
              - changeSet: &base {id: 1, author: ann, changes: [{empty: {}}]}
              - changeSet: {<<: *base, id: 2}
              - changeSet: {<<: *base, id: 3}
            """
        #expect(try Reading.changelog(["c.yaml": text]).changeSets.map(\.identity.id) == ["1", "2", "3"])
    }

    @Test(
        "what is no changelog says so",
        arguments: [
            ("c.xml", "", "changelog.empty-file at c.xml"),
            ("c.yaml", "", "changelog.empty-file at c.yaml"),
            ("c.sql", "", "changelog.empty-file at c.sql:1:1"),
            ("c.yaml", "foo: bar", "changelog.root at c.yaml:1:1"),
            ("c.yaml", "databaseChangeLog: {a: b}", "changelog.root at c.yaml:1:20"),
            ("c.xml", "<foo/>", "changelog.root at c.xml:1:1"),
            ("c.xml", "<databaseChangeLog/>", "changelog.xml.schema at c.xml:1"),
            ("c.xml", "<databaseChangeLog><a></databaseChangeLog>", "changelog.xml at c.xml:1:43"),
            ("c.yaml", "databaseChangeLog:\n- [a", "changelog.yaml at c.yaml:3:1"),
            ("c.txt", "x", "changelog.unknown-format at c.txt"),
        ])
    func noChangelog(_ file: String, _ text: String, _ mistake: String) {
        #expect(Reading.mistakes([file: text]) == [mistake])
    }

    @Test(
        "what Liquibase's XML schema forbids is refused where the file is read",
        arguments: [
            "<changeSet id='1' author='a'><comment>c</comment><preConditions/></changeSet>",
            "<changeSet id='1' author='a'><empty/><validCheckSum>any</validCheckSum></changeSet>",
            "<changeSet id='1' author='a'><modifySql/><empty/></changeSet>",
            "<changeSet id='1' author='a'/><property name='n' value='v'/>",
            "<changeSet id='1' author='a'/><preConditions/>",
            "<changeSet id='1' author='a'><createTable/></changeSet>",
            "<changeSet id='1' author='a' failOnError='no'/>",
            "<preConditions onFail='MARK_RAN'/>",
            "<changeSet id='1' author='a'><preConditions onFail='mark_ran'/></changeSet>",
        ])
    func schemaMistakes(_ elements: String) {
        let mistakes = Reading.mistakes(["c.xml": Reading.xml(elements)])
        #expect(mistakes.count == 1)
        #expect(mistakes.first?.hasPrefix("changelog.xml.schema at c.xml:") == true)
    }

    @Test("what the schema allows passes: the order of elements, properties for flags, other people's namespaces")
    func schemaAllows() {
        let elements = """
            <property name='n' value='true'/><preConditions onFail='WARN'/>
            <changeSet id='1' author='a' failOnError='${n}'><validCheckSum>any</validCheckSum><preConditions/>
            <comment>c</comment><empty/><rollback/><modifySql/></changeSet>
            <changeSet id='2' author='a'><x:createTable xmlns:x='http://example.org/x'/></changeSet>
            """
        #expect(Reading.mistakes(["c.xml": Reading.xml(elements)]) == [])
    }
}
