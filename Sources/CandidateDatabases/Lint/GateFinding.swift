public import ChangelogLint
import Diagnostics

/// A finding of lint as it is kept in a database's comment and in a candidate's status.
public struct GateFinding: Hashable, Sendable, Codable {
    /// What it counts for.
    public let severity: LintFinding.Severity
    /// The rule's name.
    public let rule: String
    /// The file in the candidate.
    public let file: String
    /// The line in ``file``, from 1.
    public let line: Int?
    /// What is there.
    public let message: String

    init(_ finding: LintFinding) {
        severity = finding.severity
        rule = finding.rule.name
        file = Self.line(finding.location.file, 150)
        line = finding.location.line
        message = Self.line(finding.message, 200)
    }

    /// `file:line: rule: message; what to do instead`.
    var text: String {
        let advice = LintRules.all.lazy.map(\.description).first { $0.name == rule }?.advice
        let instead = advice.map { "; \($0)" } ?? ""
        return "\(SourceLocation(file: file, line: line)): \(rule): \(message)\(instead)"
    }

    /// One line of a bounded length: what strangers wrote can neither fill a comment nor begin a line of a verdict.
    private static func line(_ text: String, _ maximum: Int) -> String {
        DeployFailure.bounded(String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }), maximum)
    }
}

/// What lint found in a candidate: the first findings, those that fail before those that warn, and how many more.
public struct GateFindings: Hashable, Sendable, Codable {
    /// So many are kept: a database's comment has no room for more.
    private static let limit = 15

    /// The findings that are kept.
    public let shown: [GateFinding]
    /// How many are not.
    public let hidden: Int

    /// Keeps what there is room for; nil when nothing was found.
    init?(_ findings: [LintFinding]) {
        guard !findings.isEmpty else { return nil }
        let ordered = findings.filter { $0.severity == .fail } + findings.filter { $0.severity == .warn }
        shown = ordered.prefix(Self.limit).map(GateFinding.init)
        hidden = findings.count - shown.count
    }

    /// Whether one of them refuses the candidate.
    var fail: Bool { shown.contains { $0.severity == .fail } }

    /// The sections of a verdict, a finding a line.
    var lines: [String] {
        var lines: [String] = []
        for (title, severity) in [("Failures", LintFinding.Severity.fail), ("Warnings", .warn)] {
            let found = shown.filter { $0.severity == severity }
            if !found.isEmpty { lines += ["\(title):"] + found.map { "- \($0.text)" } }
        }
        return hidden > 0 ? lines + ["and \(hidden) more"] : lines
    }
}
