import Diagnostics
import Testing

@testable import Changelog

/// Attributes and children of changesets, with their defaults and mistakes.
@Suite struct ChangeSetTests {
    private func yaml(_ changeSet: String) throws -> ChangeSet {
        try #require(
            try Reading.changelog(["c.yaml": "databaseChangeLog: [{changeSet: \(changeSet)}]"]).changeSets.first)
    }

    @Test("what is not said has Liquibase's defaults")
    func defaults() throws {
        let changeSet = try yaml("{id: 1, author: a}")
        #expect(changeSet.runInTransaction && changeSet.failOnError)
        #expect(!changeSet.runAlways && !changeSet.runOnChange && !changeSet.ignore)
        #expect(changeSet.quoting == .legacy)
        #expect(changeSet.onValidationFail == .halt)
        #expect(changeSet.fullContext == nil && changeSet.fullLabels == nil && changeSet.comment == nil)
        if case .automatic = changeSet.rollback {} else { Issue.record("no rollback is automatic") }
    }

    @Test("attributes are found in any case of letters; old names count")
    func aliases() throws {
        let changeSet = try yaml(
            "{ID: 1, Author: a, alwaysRun: true, CONTEXT: x, objectquotingstrategy: QUOTE_ALL_OBJECTS}")
        #expect(changeSet.runAlways)
        #expect(changeSet.context == "x")
        #expect(changeSet.quoting == .quoteAllObjects)
        #expect(try yaml("{id: 1, author: a, context: x, contextFilter: y}").context == "y")
    }

    @Test("comments are joined, checksums collected, the quoting of the changelog inherited")
    func children() throws {
        let text = Reading.xml(
            """
            <changeSet id="1" author="a"><validCheckSum>ANY</validCheckSum><validCheckSum>9:x</validCheckSum>
            <preConditions onFail="MARK_RAN"><tableExists tableName="t"/></preConditions>
            <comment>one</comment><comment>two</comment><sql>x</sql><modifySql dbms="postgresql"><append value="y"/></modifySql></changeSet>
            """, "objectQuotingStrategy='QUOTE_ONLY_RESERVED_WORDS'")
        let changeSet = try #require(try Reading.changelog(["c.xml": text]).changeSets.first)
        #expect(changeSet.validCheckSums == ["ANY", "9:x"])
        #expect(changeSet.comment == "one\ntwo")
        #expect(changeSet.preconditions?["onFail"] == "MARK_RAN")
        #expect(changeSet.sqlModifications.count == 1)
        #expect(changeSet.changes.map(\.name) == ["sql"])
        #expect(changeSet.quoting == .quoteOnlyReservedWords)
        #expect(try yaml("{id: 1, author: a, validCheckSum: [x, y]}").validCheckSums == ["x", "y"])
    }

    @Test("the preconditions of all files are kept with their paths")
    func preconditions() throws {
        let files = [
            "r.xml": Reading.xml("<preConditions><dbms type='postgresql'/></preConditions><include file='i.xml'/>"),
            "i.xml": Reading.xml("<preConditions><runningAs username='x'/></preConditions>"),
        ]
        let changelog = try Reading.changelog(files, root: "r.xml")
        #expect(changelog.preconditions.map(\.path) == ["r.xml", "i.xml"])
    }

    @Test("rollbacks: nothing, a text, changes, both")
    func rollbacks() throws {
        func kind(_ rollback: String) throws -> String {
            switch try yaml("{id: 1, author: a, rollback: \(rollback)}").rollback {
            case .automatic: "automatic"
            case .empty: "empty"
            case .sql(let sql): sql
            case .changes(let nodes): nodes.map(\.name).joined(separator: ",")
            case .changeSet(let identity): identity.description
            }
        }
        #expect(try kind("~") == "empty")
        #expect(try kind("''") == "empty")
        #expect(try kind("drop x") == "drop x")
        #expect(try kind("[{dropTable: {tableName: x}}, {sql: {sql: y}}]") == "dropTable,sql")
        let text = Reading.xml(
            "<changeSet id='1' author='a'><rollback>a<empty/></rollback><rollback>b</rollback></changeSet>")
        guard case .changes(let nodes)? = try Reading.changelog(["c.xml": text]).changeSets.first?.rollback else {
            Issue.record("the rollback is lost")
            return
        }
        #expect(nodes.map(\.name) == ["empty", "sql", "sql"])
    }

    @Test(
        "mistakes are found where they stand",
        arguments: [
            ("<changeSet author='a'/>", "changelog.xml.schema"), ("<changeSet id='1'/>", "changelog.xml.schema"),
            ("<changeSet id='1' author='a' runAlways='yes'/>", "changelog.xml.schema"),
            ("<changeSet id='1' author='a' runOrder='middle'/>", "changelog.value"),
            ("<changeSet id='1' author='a' onValidationFail='IGNORE'/>", "changelog.xml.schema"),
            ("<changeSet id='1' author='a' objectQuotingStrategy='ALL'/>", "changelog.value"),
            ("<changeset id='1' author='a'><empty/></changeset>", "changelog.unknown-element"),
            ("<unknown/>", "changelog.unknown-element"), ("<include/>", "changelog.xml.schema"),
            ("<includeAll/>", "changelog.xml.schema"), ("<property/>", "changelog.property"),
            ("<includeAll path='x' minDepth='a'/>", "changelog.value"),
            (
                "<changeSet id='1' author='a'><rollback changeSetId='0' changeSetAuthor='a'/></changeSet>",
                "changelog.rollback-reference"
            ),
        ])
    func mistakes(_ element: String, _ code: String) {
        let mistakes = Reading.mistakes(["c.xml": Reading.xml(element)])
        #expect(mistakes.count == 1)
        #expect(mistakes.first?.hasPrefix("\(code) at c.xml:2:") == true)
    }

    @Test("all mistakes of a changelog are told at once")
    func collected() {
        let files = [
            "a.xml": Reading.xml("<changeSet id='1'/>"),
            "b.yaml": "databaseChangeLog:\n- include: {file: no.xml}\n- include: {file: a.xml}\n- nonsense: {a: b}",
        ]
        #expect(
            Reading.mistakes(files, root: "b.yaml") == [
                "changelog.file-missing at b.yaml:2:3", "changelog.xml.schema at a.xml:2:1",
                "changelog.unknown-element at b.yaml:4:3",
            ])
    }

    @Test("a changeset without id or author is invalid, and the file that holds it can still be read")
    func nameless() throws {
        let text = "databaseChangeLog:\n- changeSet: {author: a}\n- changeSet: {id: 1, author: ~}"
        let changelog = try Reading.changelog(["c.yaml": text])
        #expect(changelog.mistakes.map(\.code) == ["changelog.changeset-id", "changelog.changeset-author"])
    }

    @Test(
        "it is known whether an included file had been read when a changelog was given up",
        arguments: [
            ("<include file='b.xml'/><include file='no.xml'/>", true),
            ("<include file='no.xml'/><include file='b.xml'/>", false), ("<include file='b.xml'/>", true),
            ("<changeSet id='1' author='a'/>", false),
        ])
    func includes(_ elements: String, _ expected: Bool) throws {
        let files = ["a.xml": Reading.xml(elements), "b.xml": Reading.xml("")].mapValues { Array($0.utf8) }
        var hasRead = false
        _ = try? ChangelogReader(source: MemorySource(files)).read("a.xml") { hasRead = true }
        #expect(hasRead == expected)
    }
}
