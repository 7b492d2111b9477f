import Diagnostics
import Testing

@testable import Changelog

/// Which definition of a property wins, and what `${}` becomes.
@Suite struct PropertyTests {
    private func expanded(
        _ text: String, _ elements: String = "", _ parameters: ChangelogParameters = ChangelogParameters(),
        files: [String: String] = [:]
    ) throws -> String? {
        let root = Reading.xml("\(elements)<changeSet id='1' author='a'><sql><![CDATA[\(text)]]></sql></changeSet>")
        let changelog = try Reading.changelog(files.merging(["c.xml": root]) { $1 }, root: "c.xml", parameters)
        return changelog.changeSets.last?.changes.first?.value
    }

    private static let some = "<property name='p' value='v'/><property name='q' value='p'/>"

    @Test(
        "an expression becomes its value, and stays when there is none",
        arguments: [
            ("${p}", "v"), ("${P}", "v"), ("${ p }", "v"), ("a${p}b${p}c", "avbvc"), ("${no}", "${no}"),
            ("$p", "$p"), ("$${p}", "$v"), ("${p", "${p"), ("${${q}}", "v"), ("${no${p}}", "${nov}"),
            ("${:p}", "${:p}"),
            ("${}", "${}"), ("$", "$"), ("}", "}"), ("${database.typeName}", "postgresql"), ("${p${", "${p${"),
        ])
    func expansion(_ text: String, _ result: String) throws {
        #expect(try expanded(text, Self.some) == result)
    }

    @Test("a colon keeps an expression literal where that is asked for")
    func literal() throws {
        #expect(try expanded("${:p}", Self.some, ChangelogParameters(unescapesColon: true)) == "${p}")
    }

    @Test("the first definition wins, parameters before it, the environment before all")
    func precedence() throws {
        let twice = "<property name='p' value='1'/><property name='P' value='2'/>"
        #expect(try expanded("${p}", twice) == "1")
        #expect(try expanded("${p}", twice, ChangelogParameters(defined: ["p": "0"])) == "0")
        #expect(try expanded("${p}", twice, ChangelogParameters(environment: ["P": "e"], defined: ["p": "0"])) == "e")
    }

    @Test("a file that a change names sees the local properties of its changelog and of those above, and late globals")
    func namedFiles() throws {
        let local = "global=\"false\""
        let inner =
            "<property name=\"l\" value=\"L\" \(local)/><changeSet id=\"i\" author=\"a\"><sqlFile path=\"f.sql\"/></changeSet>"
        let root = """
            <property name="r" value="R" \(local)/><include file="inner.xml"/><include file="late.xml"/>
            <changeSet id="o" author="a"><sqlFile path="f.sql"/></changeSet>
            """
        let source = MemorySource(
            [
                "c.xml": Reading.xml(root), "inner.xml": Reading.xml(inner),
                "late.xml": Reading.xml("<property name=\"g\" value=\"G\"/>"), "f.sql": "select '${l} ${r} ${g}'",
            ]
            .mapValues { Array($0.utf8) })
        let prepared = try PreparedChangelog(ChangelogReader(source: source).read("c.xml"), source: source)
        #expect(
            try prepared.changeSets.map { try $0.statements().map(\.text) } == [
                ["select 'L R G'"], ["select '${l} R G'"],
            ])
    }

    @Test("definitions for other contexts, labels and databases do not count")
    func conditions() throws {
        let many = """
            <property name='p' value='1' context='no'/><property name='p' value='2' labels='no'/>
            <property name='p' value='3' dbms='h2'/><property name='p' value='4' dbms='PostgreSQL'/>
            <property name='p' value='5' context='yes' labels='ok' dbms='h2, postgresql'/>
            """
        let filter = ChangeSetFilter(
            contexts: RuntimeContexts("yes"), labels: LabelExpression("ok") ?? LabelExpression())
        #expect(try expanded("${p}", many, ChangelogParameters(filter: filter)) == "5")
    }

    @Test("a value may name what is defined later")
    func late() throws {
        #expect(try expanded("${p}", "<property name='p' value='${q}'/><property name='q' value='z'/>") == "z")
    }

    @Test("locals are seen below the file that defines them, the nearest and last one first")
    func locals() throws {
        let files = [
            "c.xml": Reading.xml(
                """
                <property name='l' value='outer' global='false'/><property name='l' value='last' global='false'/>
                <include file='d.xml'/><changeSet id='1' author='a'><sql>${l} ${inner}</sql></changeSet>
                """),
            "d.xml": Reading.xml(
                """
                <property name='l' value='shadow' global='false'/><property name='inner' value='i' global='false'/>
                <changeSet id='2' author='a'><sql>${l} ${inner}</sql></changeSet>
                """),
        ]
        let changeSets = try Reading.changelog(files, root: "c.xml").changeSets
        #expect(changeSets.map { $0.changes[0].value } == ["shadow i", "last ${inner}"])
    }

    @Test("a YAML file knows all its properties before anything is expanded")
    func yaml() throws {
        let text = """
            databaseChangeLog:
              - changeSet: {id: "1-${p}", author: a, changes: [{sql: {sql: "${num} ${flag}"}}]}
              - property: {name: p, value: v}
              - property: {name: num, value: 7}
              - property: {name: flag, value: yes}
            """
        let changeSet = try #require(try Reading.changelog(["c.yaml": text]).changeSets.first)
        #expect(changeSet.identity.id == "1-v")
        #expect(changeSet.changes[0]["sql"] == "7 true")
    }

    @Test("property files are Java's")
    func files() throws {
        let file = "# no\n! no\nfrom.file = ff value \nlong=a\\\n   b\nkey\\ x:v\nu=\\u0416\\t.\nonly\nlong=c"
        #expect(
            try expanded(
                "${from.file}|${long}|${key x}|${u}|${only}", "<property file='d/p.properties'/>",
                files: ["d/p.properties": file]) == "ff value |c|v|Ж\t.|")
    }

    @Test("unknown properties may be errors or nothing")
    func missing() throws {
        #expect(try expanded("a${no}b", "", ChangelogParameters(missingProperty: .empty)) == "ab")
        #expect(
            Reading.mistakes(
                ["c.xml": Reading.xml("<changeSet id='${no}' author='a'/>")],
                ChangelogParameters(missingProperty: .error)
            ) == ["changelog.property-unknown at c.xml:2:1"])
    }

    @Test("properties that refer to each other without end, or grow without end, are refused")
    func bombs() {
        let cycle = "<property name='a' value='${b}'/><property name='b' value='${a}'/>"
        let cycles = Reading.mistakes(["c.xml": Reading.xml("\(cycle)\n<changeSet id='1' author='${a}'/>")])
        #expect(cycles.last == "changelog.property-cycle at c.xml:3:1")
        var laughs = "<property name='l0' value='\(String(repeating: "x", count: 100))'/>"
        for level in 1...9 {
            laughs += "<property name='l\(level)' value='\(String(repeating: "${l\(level - 1)}", count: 10))'/>"
        }
        let mistakes = Reading.mistakes(["c.xml": Reading.xml(laughs + "\n<changeSet id='1' author='${l9}'/>")])
        #expect(mistakes.first?.hasPrefix("changelog.property-size") == true)
        let nested = String(repeating: "${", count: 100_000)
        #expect(
            Reading.mistakes(["c.xml": Reading.xml("<changeSet id='1' author='a'><sql>\(nested)</sql></changeSet>")])
                == ["changelog.property-cycle at c.xml:2:1"])
    }
}
