import Changelog
import Diagnostics
import SQLSyntax
import Testing

@testable import ChangelogLint

@Suite struct StatementRuleTests {
    @Test("a rule is against its cases and content with what looks alike", arguments: RuleCases.all)
    func cases(_ cases: RuleCases) throws {
        for sql in cases.against {
            let findings = try Judging.findings(sql, attributes: cases.attributes)
            #expect(findings.contains { $0.rule.name == cases.rule }, "\(cases.rule) has nothing against \(sql)")
        }
        for sql in cases.content {
            let findings = try Judging.findings(sql, attributes: cases.attributes)
            #expect(
                !findings.contains { $0.rule.name == cases.rule }, "\(cases.rule) is against \(sql): \(findings)")
        }
    }

    @Test("every rule about statements and changesets has cases of both kinds")
    func everyRuleHasCases() {
        let changelogRules: Set = [
            "edited-deployed-changeset", "removed-deployed-changeset", "out-of-order-changeset", "duplicate-id",
            "missing-rollback", "broken-merge",
        ]
        for name in LintRules.names where !changelogRules.contains(name) {
            let cases = RuleCases.all.filter { $0.rule == name }
            #expect(cases.contains { !$0.against.isEmpty } && cases.contains { !$0.content.isEmpty }, "\(name)")
        }
        #expect(Set(LintRules.names).count == LintRules.names.count)
    }

    @Test("one statement may break several rules, each with its place, changeset and lock")
    func several() throws {
        let findings = try Judging.findings("SELECT 1;\n\nALTER TABLE t DROP name, ADD x int NOT NULL")
        #expect(findings.map(\.rule.name) == ["drop-column", "add-not-null-without-default"])
        #expect(findings.map(\.severity) == [.warn, .fail])
        #expect(findings.map(\.message).first == "column name of t is dropped with its values")
        #expect(findings.allSatisfy { $0.location.line == 11 && $0.rule.lock == .accessExclusive })
        #expect(findings.allSatisfy { $0.identity?.id == "new" })
    }

    @Test("an index by its old name is found after renames")
    func renamed() throws {
        let sql = """
            CREATE TABLE fresh (id int, old int);
            CREATE INDEX i ON fresh (id);
            ALTER TABLE fresh RENAME TO later;
            ALTER INDEX i RENAME TO j;
            ALTER TABLE later SET SCHEMA s;
            DROP INDEX j;
            ALTER TABLE s.later RENAME old TO young;
            ALTER TABLE s.later ADD x int NOT NULL;
            DROP TABLE s.later
            """
        #expect(try Judging.findings(sql).isEmpty)
    }
}
