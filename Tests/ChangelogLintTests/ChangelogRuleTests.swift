import Changelog
import Diagnostics
import Testing

@testable import ChangelogLint

@Suite struct ChangelogRuleTests {
    private static let one = "--changeset a:one\nCREATE TABLE t (id int);\n--rollback DROP TABLE t;"
    private static let two = "--changeset a:two\nCREATE TABLE u (id int);\n--rollback DROP TABLE u;"
    private static let new = "--changeset a:new\nCREATE TABLE v (id int);\n--rollback DROP TABLE v;"

    private static func texts(_ base: String?, _ changed: String) throws -> [String] {
        try Judging.findings(base: base, changed: changed).map { "\($0.rule.name): \($0.message)" }
    }

    @Test("a changelog that only grew at its end is nothing to talk about")
    func grown() throws {
        #expect(try Self.texts(Self.one, "\(Self.one)\n\(Self.two)").isEmpty)
        #expect(try Self.texts(nil, "\(Self.one)\n\(Self.two)").isEmpty)
    }

    @Test("an edited changeset that is deployed fails, and is judged as it is now")
    func edited() throws {
        let changed = Self.one.replacing("id int", with: "id bigint")
        let findings = try Judging.findings(base: Self.one, changed: changed)
        #expect(findings.map(\.rule.name) == ["edited-deployed-changeset"])
        #expect(findings.first?.severity == .fail)
        #expect(findings.first?.location.line == 2)
    }

    @Test("an edit is no mistake where the changeset says so", arguments: ["runOnChange:true", "runAlways:true"])
    func rerun(_ attribute: String) throws {
        let base = Self.one.replacing("a:one", with: "a:one \(attribute)")
        #expect(try Self.texts(base, base.replacing("id int", with: "id bigint")).isEmpty)
    }

    @Test("an edit is no mistake when validCheckSum names what is deployed")
    func validCheckSum() throws {
        let deployed = try Judging.prepare(["changelog.sql": Judging.formatted(Self.one)])
        let sum = try #require(deployed.changeSets.first).checksum
        let changed = Self.one.replacing("a:one\n", with: "a:one\n--validCheckSum: \(sum)\n")
            .replacing("id int", with: "id bigint")
        #expect(try Self.texts(Self.one, changed).isEmpty)
    }

    @Test("a deployed changeset that is gone is named")
    func removed() throws {
        #expect(
            try Self.texts("\(Self.one)\n\(Self.two)", Self.one)
                == ["removed-deployed-changeset: deployed changeset changelog.sql::two::a is not there any more"])
    }

    @Test("a changeset that moved to another file is told from a new one")
    func moved() throws {
        let base = try Judging.prepare(["old.sql": Judging.formatted(Self.one)])
        let changed = try Judging.prepare(["new.sql": Judging.formatted(Self.one)])
        let findings = ChangelogLinter().findings(in: changed, base: base)
        #expect(
            findings.map(\.message) == [
                "deployed changeset old.sql::one::a is not there any more, and one of the same id and author stands in new.sql"
            ])
        #expect(findings.first?.location.file == "new.sql")
    }

    @Test("a new changeset before a deployed one is out of order")
    func outOfOrder() throws {
        #expect(
            try Self.texts("\(Self.one)\n\(Self.two)", "\(Self.one)\n\(Self.new)\n\(Self.two)") == [
                """
                out-of-order-changeset: new changeset changelog.sql::new::a stands before changelog.sql::two::a, which is \
                deployed
                """
            ])
        let always = Self.new.replacing("a:new", with: "a:new runAlways:true")
        #expect(try Self.texts(Self.one, "\(always)\n\(Self.one)").isEmpty)
    }

    @Test("a new changeset with the id of another is told, plain numbers within a file only")
    func duplicates() throws {
        let again = Self.two.replacing("a:two", with: "b:one")
        #expect(
            try Self.texts(Self.one, "\(Self.one)\n\(again)") == [
                "duplicate-id: changeset changelog.sql::one::b has the id of changelog.sql::one::a at changelog.sql:2:1"
            ])
        #expect(try Self.texts("\(Self.one)\n\(again)", "\(Self.one)\n\(again)").isEmpty)
        let root = """
            <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
              xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
              http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
            <include file="a.sql"/><include file="b.sql"/></databaseChangeLog>
            """
        for (id, count) in [("1", 0), ("2026-01-add", 1)] {
            let files = [
                "changelog.sql": root,
                "a.sql": Judging.formatted(Self.one.replacing("a:one", with: "a:\(id)")),
                "b.sql": Judging.formatted(Self.two.replacing("a:two", with: "a:\(id)")),
            ]
            var sources = files.mapValues { Array($0.utf8) }
            sources["changelog.xml"] = sources.removeValue(forKey: "changelog.sql")
            let source = MemorySource(sources)
            let prepared = try PreparedChangelog(ChangelogReader(source: source).read("changelog.xml"), source: source)
            let findings = ChangelogLinter().findings(in: prepared)
            #expect(findings.count { $0.rule.name == "duplicate-id" } == count)
        }
    }

    @Test("rows of a file and bytes are judged as what is sent for them, and what only a database knows is told")
    func otherRoles() throws {
        func rules(_ changes: String) throws -> [String] {
            let text = """
                <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog" \
                xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
                xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog \
                http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">\
                <changeSet id="1" author="a">\(changes)<rollback/></changeSet></databaseChangeLog>
                """
            let source = MemorySource(
                ["c.xml": Array(text.utf8), "l.csv": Array("id\n1\n2\n".utf8), "b": Array("x".utf8)])
            let changelog = try PreparedChangelog(ChangelogReader(source: source).read("c.xml"), source: source)
            return ChangelogLinter().findings(in: changelog).map(\.rule.name)
        }
        #expect(try rules("<loadData tableName=\"l\" file=\"l.csv\"/>").isEmpty)
        #expect(
            try rules("<update tableName=\"l\"><column name=\"c\" valueBlobFile=\"b\"/></update>")
                == ["update-without-where"])
        #expect(
            try rules("<dropAllForeignKeyConstraints baseTableName=\"t\"/>").contains("unreadable-statement"))
    }

    @Test("a change without inverse and rollback is told where the policy asks for it, an empty rollback is one")
    func rollback() throws {
        let bare = "\(Self.one)\n--changeset a:new\nSELECT 1;"
        let policy = LintPolicy(rules: ["missing-rollback": .warn])
        func rules(_ changed: String, _ policy: LintPolicy) throws -> [String] {
            try Judging.findings(base: Self.one, changed: changed, policy: policy).map(\.rule.name)
        }
        #expect(try rules(bare, policy) == ["missing-rollback"])
        #expect(try rules("\(bare)\n--rollback empty", policy).isEmpty)
        #expect(try rules(bare, LintPolicy()).isEmpty)
    }

    @Test("a changelog knows the tables of those that are deployed before it")
    func several() throws {
        let empty = try Judging.prepare(["changelog.sql": Judging.formatted("")])
        let tables = try Judging.prepare(["changelog.sql": Judging.formatted(Self.one)])
        let indexes = try Judging.prepare([
            "changelog.sql": Judging.formatted("--changeset a:i\nCREATE INDEX i ON t (id);\n--rollback DROP INDEX i;")
        ])
        func rules(_ base: PreparedChangelog) -> [String] {
            ChangelogLinter().findings(in: [(tables, base), (indexes, empty)]).map(\.rule.name)
        }
        #expect(rules(empty).isEmpty)
        #expect(rules(tables) == ["non-concurrent-index"])
    }

    @Test("without a base a table is new in its own changeset only")
    func withoutBase() throws {
        let index = "--changeset a:index\nCREATE INDEX i ON t (id);\n--rollback DROP INDEX i;"
        #expect(
            try Self.texts(nil, "\(Self.one)\n\(index)") == [
                "non-concurrent-index: index i on t is built while writers wait"
            ])
        #expect(try Self.texts(Self.new, "\(Self.new)\n\(Self.one)\n\(index)").isEmpty)
    }
}
