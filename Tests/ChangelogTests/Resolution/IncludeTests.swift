import Diagnostics
import Testing

@testable import Changelog

/// Which files an include reaches, in which order, and under which path their changesets are known.
@Suite struct IncludeTests {
    private func set(_ id: String, _ attributes: String = "") -> String {
        "<changeSet id='\(id)' author='a' \(attributes)><empty/></changeSet>"
    }

    private func identities(_ files: [String: String], root: String = "r.xml") throws -> [String] {
        try Reading.changelog(files, root: root).changeSets.map { "\($0.identity.path) \($0.identity.id)" }
    }

    @Test("an included file stands where it is included, relative to root or file")
    func order() throws {
        let files = [
            "db/r.xml": Reading.xml(
                set("1") + "<include file='b.xml' relativeToChangelogFile='true'/>" + set("2")
                    + "<include file='db/sub/../c.yaml'/><include file='classpath:db/d.sql'/>"),
            "db/b.xml": Reading.xml(set("b")),
            "db/c.yaml": "databaseChangeLog: [{changeSet: {id: c, author: a}}]",
            "db/d.sql": "-- liquibase formatted sql\n--changeset a:d\nselect 1;",
        ]
        #expect(
            try identities(files, root: "db/r.xml")
                == ["db/r.xml 1", "db/b.xml b", "db/r.xml 2", "db/c.yaml c", "db/d.sql d"])
    }

    @Test("a plain SQL file keeps the path as it is written")
    func plainSQL() throws {
        let files = ["r.xml": Reading.xml("<include file='./s/../p.sql'/>"), "p.sql": "select 1"]
        #expect(try identities(files) == ["./s/../p.sql raw"])
    }

    @Test("logical paths: the changeset's own, then the nearest changelog's, then the include's")
    func logicalPaths() throws {
        let files = [
            "r.xml": Reading.xml(
                "<include file='b.xml'/><include file='c.xml' logicalFilePath='from/include.xml'/>" + set("1")),
            "b.xml": Reading.xml(
                set("b") + set("o", "logicalFilePath='/own/o.xml'"), "logicalFilePath='b/logical.xml'"),
            "c.xml": Reading.xml(set("c") + "<include file='d.sql'/>"),
            "d.sql": "--liquibase formatted sql\n--changeset a:d logicalFilePath:own.sql\nselect 1;",
        ]
        #expect(
            try identities(files)
                == ["b/logical.xml b", "own/o.xml o", "from/include.xml c", "own.sql d", "r.xml 1"])
        let root = [
            "r.xml": Reading.xml("<include file='b.xml'/>", "logicalFilePath='top.xml'"),
            "b.xml": Reading.xml(set("b")),
        ]
        let changeSet = try #require(try Reading.changelog(root, root: "r.xml").changeSets.first)
        #expect(changeSet.identity.path == "top.xml")
        #expect(changeSet.pathAsWritten == "b.xml")
        #expect(changeSet.file == "b.xml")
    }

    @Test("includeAll takes files at any depth in the order of Java's strings")
    func includeAll() throws {
        let plain = { (id: String) in Reading.xml("<changeSet id='\(id)' author='a'><empty/></changeSet>") }
        let files = [
            "r.xml": Reading.xml("<includeAll path='d'/>"), "d/b.xml": plain("b"), "d/B.xml": plain("B"),
            "d/a/z.xml": plain("z"), "d/10.xml": plain("10"), "d/9.xml": plain("9"), "d/readme.md": "no changelog",
            "da.xml": plain("no"),
        ]
        #expect(
            try identities(files) == ["d/10.xml 10", "d/9.xml 9", "d/B.xml B", "d/a/z.xml z", "d/b.xml b"])
    }

    @Test(
        "includeAll chooses by depth and ending",
        arguments: [
            ("", ["1", "2", "3"]), ("minDepth='2'", ["2", "3"]), ("maxDepth='2'", ["1", "2"]),
            ("minDepth='2' maxDepth='2'", ["2"]), ("endsWithFilter='B/2.XML'", ["2"]),
        ])
    func selection(_ attributes: String, _ ids: [String]) throws {
        let files = [
            "d/r.xml": Reading.xml("<includeAll path='a' relativeToChangelogFile='true' \(attributes)/>"),
            "d/a/1.xml": Reading.xml(set("1")), "d/a/b/2.xml": Reading.xml(set("2")),
            "d/a/b/c/3.xml": Reading.xml(set("3")),
        ]
        #expect(try Reading.changelog(files, root: "d/r.xml").changeSets.map(\.identity.id) == ids)
    }

    @Test("contexts, labels and ignore of an include come down, ignore one level only")
    func inheritance() throws {
        let files = [
            "r.xml": Reading.xml("<include file='b.xml' context='x' labels='L' ignore='true'/>", "context='top'"),
            "b.xml": Reading.xml(set("b", "context='y, z'") + "<include file='c.xml'/>", "contextFilter='mid'"),
            "c.xml": Reading.xml(set("c")),
        ]
        let changeSets = try Reading.changelog(files, root: "r.xml").changeSets
        #expect(changeSets.map(\.fullContext) == ["mid AND x AND top AND (y, z)", "mid AND x AND top"])
        #expect(changeSets.map(\.fullLabels) == ["l", "l"])
        #expect(changeSets.map(\.ignore) == [true, false])
    }

    @Test("runOrder moves changesets of all files to the ends")
    func runOrder() throws {
        let files = [
            "r.xml": Reading.xml(
                set("n1") + set("l1", "runOrder='last'") + set("f1", "runOrder='first'") + "<include file='b.xml'/>"
                    + set("n2")),
            "b.xml": Reading.xml(set("l2", "runOrder='last'") + set("f2", "runOrder='first'") + set("n")),
        ]
        #expect(
            try Reading.changelog(files, root: "r.xml").changeSets.map(\.identity.id)
                == ["f1", "f2", "n1", "n", "n2", "l1", "l2"])
    }

    @Test(
        "a path that leads out of the changelog is refused by name",
        arguments: [
            ("../x.xml", "changelog.path-above-root"), ("a/../../x.xml", "changelog.path-above-root"),
            ("..\\x.xml", "changelog.path-above-root"), ("/etc/passwd.xml", "changelog.path-absolute"),
            ("C:/x.xml", "changelog.path-device"), ("a/NUL.xml", "changelog.path-device"),
            ("com1", "changelog.path-device"), ("http://host/x.xml", "changelog.path-scheme"),
            ("file:x.xml", "changelog.path-scheme"), ("missing.xml", "changelog.file-missing"),
        ])
    func confinement(_ path: String, _ code: String) {
        #expect(Reading.mistakes(["c.xml": Reading.xml("<include file='\(path)'/>")]) == ["\(code) at c.xml:2:1"])
        #expect(Reading.mistakes(["c.xml": Reading.xml("<property file='\(path)'/>")]) == ["\(code) at c.xml:2:1"])
    }

    @Test("files that include each other are told as a circle")
    func cycle() {
        let files = [
            "a.xml": Reading.xml("<include file='b.xml'/>"), "b.xml": Reading.xml("<includeAll path='c'/>"),
            "c/c.xml": Reading.xml("<include file='a.xml'/>"),
        ]
        do {
            _ = try Reading.changelog(files, root: "a.xml")
            Issue.record("a circle is an error")
        } catch {
            #expect("\(error)" == "c/c.xml:2:1: files include each other: a.xml → b.xml → c/c.xml → a.xml")
        }
    }

    @Test("files that include files without end are stopped")
    func depth() {
        var files: [String: String] = [:]
        for index in 0..<200 { files["\(index).xml"] = Reading.xml("<include file='\(index + 1).xml'/>") }
        #expect(Reading.mistakes(files, root: "0.xml") == ["changelog.include-depth at 63.xml:2:1"])
    }

    @Test("an empty includeAll and a missing file may be allowed")
    func tolerated() throws {
        let files = [
            "r.xml": Reading.xml(
                "<include file='no.xml' errorIfMissing='false'/><includeAll path='no' errorIfMissingOrEmpty='false'/>")
        ]
        let changelog = try Reading.changelog(files)
        #expect(changelog.changeSets.isEmpty)
        #expect(changelog.warnings.map(\.code) == ["changelog.file-missing"])
        #expect(
            Reading.mistakes(["r.xml": Reading.xml("<includeAll path='no'/>")])
                == ["changelog.include-all-empty at r.xml:2:1"])
        #expect(
            Reading.mistakes(["r.xml": Reading.xml("<includeAll path='no' filter='com.x.F'/>")])
                == ["changelog.unsupported at r.xml:2:1"])
    }
}
