import Testing

@testable import ChangelogLint

@Suite struct LintPolicyTests {
    @Test("a policy decides what a rule counts for")
    func severity() throws {
        func severities(_ rules: [String: LintSeverity]) throws -> [LintFinding.Severity] {
            try Judging.findings("DROP TABLE t", policy: LintPolicy(rules: rules)).map(\.severity)
        }
        #expect(try severities([:]) == [.warn])
        #expect(try severities(["drop-table": .fail]) == [.fail])
        #expect(try severities(["drop-table": .off]).isEmpty)
        #expect(try Judging.findings("DROP TABLE t CASCADE; VACUUM", policy: .off).isEmpty)
    }

    @Test(
        "a comment with a reason allows the rules that it names",
        arguments: [
            ("sluice:allow drop-table: nobody reads it", 0), ("sluice:allow drop-cascade, drop-table: old", 0),
            ("old stuff; sluice:allow drop-table: old", 0), ("sluice:allow drop-table", 2),
            ("sluice:allow drop-table:  ", 2),
            ("sluice:allow drop-column: old", 1), ("we allow drop-table: old", 1),
        ])
    func allowance(_ comment: String, _ count: Int) throws {
        #expect(try Judging.findings("--comment \(comment)\nDROP TABLE t").count == count)
    }

    @Test("a policy may take no notice of comments, and some rules take none ever")
    func notAllowed() throws {
        let sql = "--comment sluice:allow drop-table: old\nDROP TABLE t"
        #expect(try Judging.findings(sql, policy: LintPolicy(honoursAllowances: false)).count == 1)
        let index = "--comment sluice:allow statement-outside-transaction: so what\nVACUUM t"
        #expect(try Judging.findings(index).map(\.rule.name) == ["statement-outside-transaction"])
    }

    @Test("each rule has a name for policies, sentences, and something to do instead")
    func descriptions() {
        for rule in LintRules.all.map(\.description) {
            #expect(rule.name.allSatisfy { $0.isASCII && ($0.isLowercase || $0 == "-") })
            #expect(rule.sentence.hasSuffix(".") && !rule.advice.isEmpty && !rule.advice.hasSuffix("."))
        }
    }
}
