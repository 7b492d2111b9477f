import Diagnostics
import Foundation

/// What `puppet parser validate --render-as json` says: by file, the first thing that is wrong with it.
enum ParserAnswer {
    private struct Issue: Decodable {
        let message: String?
        let line: Int?
        let pos: Int?
    }

    static func read(_ output: ToolOutput) -> PuppetTool.Answer {
        if output.isSuccess { return .findings([]) }
        guard let issues = try? JSONDecoder().decode([String: Issue].self, from: Data(output.output)), !issues.isEmpty
        else { return output.failure }
        let findings = issues.compactMap { name, issue in
            output.file(name).map { finding(issue, in: $0) }
        }
        // Whatever it speaks of, it is none of the files: it has not judged them.
        guard findings.count == issues.count else { return output.failure }
        return .findings(Array(findings.sorted { $0.location.file < $1.location.file }.prefix(PuppetTool.findingLimit)))
    }

    private static func finding(_ issue: Issue, in file: String) -> Diagnostic {
        let line = issue.line.flatMap { $0 > 0 ? $0 : nil }
        let column = issue.pos.flatMap { $0 > 0 ? $0 : nil }
        return Diagnostic(
            code: "check.manifest-syntax",
            at: SourceLocation(file: file, line: line, column: line == nil ? nil : column),
            TextScrubber(limit: 500).scrub(issue.message ?? "the manifest cannot be parsed"))
    }
}
