import ArgumentParser
import Changelog
import ChangelogLint
import Diagnostics
import Foundation
import Terminal

/// Findings in a form that people or other programs read.
struct LintReport {
    /// The forms.
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, github, gitlab }

    private let findings: [LintFinding]

    init(_ findings: [LintFinding]) { self.findings = findings }

    func text(as format: Format) throws -> String {
        switch format {
        case .text: findings.map(Self.lines).joined(separator: "\n")
        case .json: try Self.json(findings.map(Entry.init))
        case .github: findings.map(Self.annotation).joined(separator: "\n")
        case .gitlab: try Self.json(findings.map(Quality.init))
        }
    }

    /// Members in the order of their names, so that the same findings always give the same text.
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func lines(_ finding: LintFinding) -> String {
        let lock = finding.rule.lock.map { "takes \($0.rawValue): \($0.effect); " } ?? ""
        return """
            \(finding.location): \(finding.severity.rawValue) \(finding.rule.name): \(finding.message.oneLine)
              \(lock)\(finding.rule.advice)
            """
    }

    /// A workflow command of GitHub's.
    private static func annotation(_ finding: LintFinding) -> String {
        func escaped(_ text: String) -> String {
            text.replacingAll("%", with: "%25").replacingAll("\r", with: "%0D").replacingAll("\n", with: "%0A")
        }
        func property(_ text: String) -> String {
            escaped(text).replacingAll(":", with: "%3A").replacingAll(",", with: "%2C")
        }
        let place = finding.location
        let parts = [
            "file=\(property(place.file))", place.line.map { "line=\($0)" }, place.column.map { "col=\($0)" },
            "title=\(property(finding.rule.name))",
        ]
        let level = finding.severity == .fail ? "error" : "warning"
        let text = "\(finding.message); \(finding.rule.advice)"
        return "::\(level) \(parts.compactMap(\.self).joined(separator: ","))::\(escaped(text))"
    }

    /// A finding as JSON.
    struct Entry: Encodable {
        struct Identity: Encodable {
            let id: String
            let author: String
            let path: String
        }

        let rule: String
        let severity: LintFinding.Severity
        let file: String
        let line: Int?
        let column: Int?
        let changeSet: Identity?
        let message: String
        let lock: TableLock?
        let advice: String

        init(_ finding: LintFinding) {
            rule = finding.rule.name
            severity = finding.severity
            (file, line, column) = (finding.location.file, finding.location.line, finding.location.column)
            changeSet = finding.identity.map { Identity(id: $0.id, author: $0.author, path: $0.path) }
            message = finding.message
            lock = finding.rule.lock
            advice = finding.rule.advice
        }
    }

    /// A finding as GitLab's code quality report has it.
    private struct Quality: Encodable {
        struct Place: Encodable {
            struct Lines: Encodable { let begin: Int }
            let path: String
            let lines: Lines
        }

        let description: String
        let check_name: String
        let fingerprint: String
        let severity: String
        let location: Place

        init(_ finding: LintFinding) {
            description = "\(finding.message); \(finding.rule.advice)"
            check_name = finding.rule.name
            // Without the line, so that a finding that only moved is the same.
            fingerprint = Self.hash(
                [finding.rule.name, finding.location.file, finding.identity?.description ?? "", finding.message])
            severity = finding.severity == .fail ? "critical" : "minor"
            location = Place(path: finding.location.file, lines: .init(begin: finding.location.line ?? 1))
        }

        /// FNV-1a: the fingerprint tells findings apart, it protects nothing.
        private static func hash(_ parts: [String]) -> String {
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for byte in parts.joined(separator: "\0").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            let digits = String(hash, radix: 16)
            return String(repeating: "0", count: max(0, 16 - digits.count)) + digits
        }
    }

    /// A rule as JSON.
    struct Rule: Encodable {
        let name: String
        let severity: LintSeverity
        let sentence: String
        let lock: TableLock?
        let lockEffect: String?
        let advice: String
        let canBeAllowed: Bool

        init(_ rule: RuleDescription) {
            name = rule.name
            severity = rule.severity
            sentence = rule.sentence
            lock = rule.lock
            lockEffect = rule.lock?.effect
            advice = rule.advice
            canBeAllowed = rule.canBeAllowed
        }
    }
}
