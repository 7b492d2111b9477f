import Diagnostics
import Testing

@testable import Changelog

/// Input that is made to hurt: each kind ends in its own sentence.
@Suite struct HostileInputTests {
    private func codes(_ files: [String: String], limits: ChangelogLimits = ChangelogLimits()) -> [String] {
        Reading.mistakes(files, limits: limits).map { String($0.prefix { $0 != " " }) }
    }

    @Test(
        "a DOCTYPE is refused before anything is declared",
        arguments: [
            "<!DOCTYPE a [<!ENTITY l0 'lol'><!ENTITY l1 '&l0;&l0;&l0;&l0;&l0;&l0;&l0;&l0;&l0;&l0;'>]>",
            "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>", "<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/x.dtd'>",
            "<!DOCTYPE a [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]>", "<!DOCTYPE databaseChangeLog>",
        ])
    func doctype(_ declaration: String) {
        let mistakes = Reading.mistakes([
            "c.xml": "<?xml version='1.0'?>\n\(declaration)<databaseChangeLog>&e;</databaseChangeLog>"
        ])
        #expect(mistakes.count == 1)
        #expect(mistakes.first?.hasPrefix("changelog.xml.doctype at c.xml:2:") == true)
    }

    @Test("an entity that nobody declared is an error, an XInclude is an unknown element")
    func entities() {
        #expect(codes(["c.xml": Reading.xml("<changeSet id='&nope;' author='a'/>")]) == ["changelog.xml"])
        let include = "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/passwd'/>"
        #expect(codes(["c.xml": Reading.xml(include)]) == ["changelog.include"])
    }

    @Test("depth is limited in every format")
    func depth() {
        let deep = 100_000
        let xml = String(repeating: "<a>", count: deep) + String(repeating: "</a>", count: deep)
        #expect(codes(["c.xml": Reading.xml(xml)]) == ["changelog.too-deep"])
        let json = String(repeating: "[", count: deep) + String(repeating: "]", count: deep)
        #expect(codes(["c.json": "{\"databaseChangeLog\": \(json)}"]) == ["changelog.too-deep"])
        let maps = String(repeating: "{\"a\":", count: 500) + "1" + String(repeating: "}", count: 500)
        #expect(codes(["c.json": "{\"databaseChangeLog\": [\(maps)]}"]) == ["changelog.too-deep"])
        let yaml = (0..<300).map { String(repeating: "  ", count: $0) + "- a:" }.joined(separator: "\n")
        #expect(codes(["c.yaml": "databaseChangeLog:\n\(yaml)"]) == ["changelog.too-deep"])
    }

    @Test("aliases that multiply run into the budget")
    func aliasBomb() {
        var text = "a0: &a0 {x: lol}\n"
        for level in 1...9 {
            let aliases = (0..<10).map { "k\($0): *a\(level - 1)" }.joined(separator: ", ")
            text += "a\(level): &a\(level) {\(aliases)}\n"
        }
        #expect(codes(["c.yaml": text + "databaseChangeLog:\n- *a9\n"]) == ["changelog.too-large"])
    }

    @Test("aliases that multiply inside a key are refused before they are compared")
    func aliasBombInKey() {
        var text = "a0: &a0 [lol]\n"
        for level in 1...9 {
            let aliases = (0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        for key in ["? *a9\n: x\n", "*a9 : x\n", "? [*a9, *a9]\n: x\n", "[*a9]: x\n"] {
            #expect(codes(["c.yaml": text + key]) == ["changelog.yaml.key"])
        }
    }

    @Test(
        "YAML that means something else elsewhere is refused",
        arguments: [
            ("databaseChangeLog:\n- changeSet: {id: 1, id: 2, author: a}", "changelog.unsupported-duplicate-key"),
            ("databaseChangeLog:\n- changeSet: {id: !!python/object:os.system x, author: a}", "changelog.yaml.tag"),
            ("databaseChangeLog: []\n---\ndatabaseChangeLog: []", "changelog.yaml"),
            ("databaseChangeLog:\n- changeSet: {id: *nobody, author: a}", "changelog.yaml"),
            ("databaseChangeLog:\n- changeSet: {[a]: b}", "changelog.yaml.key"),
            ("databaseChangeLog:\n- [[a]]", "changelog.yaml.list"),
            ("databaseChangeLog: &a\n- x: *a", "changelog.yaml"),
        ])
    func yaml(_ text: String, _ code: String) {
        #expect(codes(["c.yaml": text]).first == code)
    }

    @Test(
        "bytes that are no text are refused in every format",
        arguments: ["c.xml", "c.yaml", "c.json", "c.sql", "f.sql"])
    func bytes(_ file: String) {
        let head = Array((file == "f.sql" ? "--liquibase formatted sql\n--changeset a:1\n" : "\n").utf8)
        #expect(
            Reading.mistakes(bytes: [file: head + [0xC3, 0x28]]).first?.hasPrefix("changelog.encoding at \(file):")
                == true)
        #expect(
            Reading.mistakes(bytes: [file: head + [0x61, 0x00, 0x62]]).first?.hasPrefix("changelog.nul at \(file):")
                == true)
        #expect(Reading.mistakes(bytes: [file: [0xFF, 0xFE, 0x61]]).first == "changelog.encoding at \(file)")
    }

    @Test("sizes and numbers are limited")
    func sizes() {
        var limits = ChangelogLimits()
        limits.bytesPerFile = 1000
        #expect(
            codes(["c.xml": Reading.xml(String(repeating: " ", count: 2000))], limits: limits) == [
                "changelog.too-large"
            ])
        limits = ChangelogLimits()
        limits.files = 3
        let files = ["a.xml": Reading.xml("<includeAll path='d'/>")].merging(
            (0..<9).map { ("d/\($0).xml", Reading.xml("")) }, uniquingKeysWith: { $1 })
        #expect(codes(files, limits: limits) == ["changelog.too-large"])
        limits = ChangelogLimits()
        limits.nodesPerFile = 10
        #expect(
            codes(["c.xml": Reading.xml(String(repeating: "<a/>", count: 20))], limits: limits) == [
                "changelog.too-large"
            ])
    }

    @Test("a text of a million lines is read line by line")
    func millionLines() throws {
        let text = "--liquibase formatted sql\n--changeset a:1\n" + String(repeating: "select 1;\n", count: 1_000_000)
        let changeSet = try #require(try Reading.changelog(["c.sql": text]).changeSets.first)
        #expect(changeSet.changes[0].value?.utf8.count == 9_999_999)
    }

    @Test("a thousand mistakes end in a bounded list")
    func manyMistakes() {
        let text = Reading.xml(String(repeating: "<changeSet id='1' author='a' runOrder='x'/>", count: 5000))
        #expect(codes(["c.xml": text]).count == ChangelogLimits().findings)
    }

    @Test("odd names are names", arguments: ["'; drop table x;--", "a\u{202E}b", "a\u{200B}b", "аdmin", "é"])
    func oddNames(_ id: String) throws {
        let text = "databaseChangeLog: [{changeSet: {id: \"\(id)\", author: a}}]"
        #expect(try Reading.changelog(["c.yaml": text]).changeSets.first?.identity.id == id)
    }
}
