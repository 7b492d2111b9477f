import Diagnostics
import Foundation

/// What `puppet-lint --json` says: a list of problems for each file.
enum LintAnswer {
    private struct Problem: Decodable {
        let message: String?
        let line: Int?
        let column: Int?
        let kind: String?
        let check: String?
        let path: String?
    }

    /// It ends with 1 when there are errors of style, so that only its output tells whether it did its work.
    static func read(_ output: ToolOutput) -> PuppetTool.Answer {
        guard let lists = try? JSONDecoder().decode([[Problem]].self, from: Data(output.output)) else {
            return output.failure
        }
        let findings = lists.joined().compactMap { problem in
            problem.path.flatMap(output.file).map { finding(problem, in: $0) }
        }
        // An error refuses a release: where there are too many findings, warnings are left out first.
        let inOrder = findings.sorted(by: areInOrder)
        let kept = inOrder.filter { $0.severity == .error } + inOrder.filter { $0.severity != .error }
        return .findings(kept.prefix(PuppetTool.findingLimit).sorted(by: areInOrder))
    }

    private static func finding(_ problem: Problem, in file: String) -> Diagnostic {
        let line = problem.line.flatMap { $0 > 0 ? $0 : nil }
        let column = problem.column.flatMap { $0 > 0 ? $0 : nil }
        let name = problem.check.map { " (\(TextScrubber(limit: 60).scrub($0)))" } ?? ""
        return Diagnostic(
            problem.kind == "error" ? .error : .warning, code: "check.lint",
            at: SourceLocation(file: file, line: line, column: line == nil ? nil : column),
            TextScrubber(limit: 500).scrub(problem.message ?? "a problem without a message") + name)
    }

    private static func areInOrder(_ left: Diagnostic, _ right: Diagnostic) -> Bool {
        (left.location.file, left.location.line ?? 0, left.location.column ?? 0)
            < (right.location.file, right.location.line ?? 0, right.location.column ?? 0)
    }
}
