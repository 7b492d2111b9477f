import Diagnostics
import Testing

@testable import ReleasePromotion

@Suite("What Puppet's own programs say")
struct ToolAnswerTests {
    private func output(_ text: String, isSuccess: Bool = false, errors: String = "") -> ToolOutput {
        ToolOutput(
            isSuccess: isSuccess, output: Array(text.utf8), errors: errors,
            files: ["site/bad.pp", "site/ok.pp", "-c.pp"])
    }

    private func findings(_ answer: PuppetTool.Answer) -> [String]? {
        if case .findings(let findings) = answer { findings.map(\.description) } else { nil }
    }

    @Test("The parser's mistakes have the manifest's path, line and column")
    func parser() {
        let text = """
            {"./site/bad.pp": {"issue_code": "SYNTAX_ERROR", "message": "Syntax error at 'content'", "line": 4, "pos": 5,
              "file": "/work/site/bad.pp"}, "./-c.pp": {"message": "Illegal mark", "line": null, "pos": null}}
            """
        #expect(
            findings(PuppetTool.parser.read(output(text))) == [
                "-c.pp: Illegal mark", "site/bad.pp:4:5: Syntax error at 'content'",
            ])
        #expect(findings(PuppetTool.parser.read(output("", isSuccess: true))) == [])
    }

    @Test(
        "A program that broke off has judged nothing",
        arguments: [
            "", "Error: Could not find a suitable provider", "{}", "[]", "{\"./other.pp\": {\"message\": \"x\"}}",
            "{\"./site/bad.pp\": 1}",
        ])
    func brokeOff(_ text: String) {
        #expect(findings(PuppetTool.parser.read(output(text, errors: "no memory"))) == nil)
        guard case .failed(let reason) = PuppetTool.lint.read(output("Whoops!\n", errors: "")) else {
            Issue.record("it judged something")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test("Lint's problems are errors and warnings, in the order of the files")
    func lint() {
        let text = """
            [[{"message": "two-space soft tabs not used", "line": 2, "column": 1, "kind": "error", "check": "2sp_soft_tabs",
               "path": "./site/ok.pp", "token": "x"}],
             [{"message": "double quoted string", "line": 2, "column": 10, "kind": "warning", "check": "q",
               "path": "./site/bad.pp"}, {"message": "elsewhere", "path": "/etc/passwd", "kind": "error"}]]
            """
        #expect(
            findings(PuppetTool.lint.read(output(text))) == [
                "site/bad.pp:2:10: warning: double quoted string (q)",
                "site/ok.pp:2:1: two-space soft tabs not used (2sp_soft_tabs)",
            ])
        #expect(findings(PuppetTool.lint.read(output("[]", isSuccess: true))) == [])
    }

    @Test("However many warnings stand in the files before it, an error of lint's is among the findings")
    func manyWarnings() {
        let warnings = (1...300).map {
            "{\"message\": \"double quoted string\", \"line\": \($0), \"kind\": \"warning\", \"path\": \"./site/bad.pp\"}"
        }
        let error = "{\"message\": \"tab\", \"line\": 7, \"kind\": \"error\", \"path\": \"./site/ok.pp\"}"
        let text = "[[\(warnings.joined(separator: ","))],[\(error)]]"
        let found = findings(PuppetTool.lint.read(output(text)))
        #expect(found?.count == PuppetTool.findingLimit && found?.last == "site/ok.pp:7: tab")
    }

    @Test("No file of the content says which Ruby lint loads")
    func configuration() { #expect(PuppetTool.lint.arguments.first == "--no-config") }
}
