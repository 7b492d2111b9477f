public import Diagnostics
public import GitClient
public import Puppetfile

/// What the checks of one tree found, and what they did not look at.
///
/// A report is about content only: two branches with the same tree share it. Whether pinned commits exist is about other
/// repositories too and is a report of its own; see ``PinReport``.
public struct TreeReport: Hashable, Sendable {
    /// What is checked.
    public enum Check: String, Hashable, Sendable, Codable, CaseIterable {
        /// The Puppetfile can be read.
        case puppetfile
        /// The commits, tags and branches that the Puppetfile names exist.
        case pins
        /// hiera's files are YAML and have each key once.
        case data
        /// `puppet parser validate` takes the manifests.
        case parser
        /// `puppet-lint` finds nothing.
        case lint
    }

    /// A check that was not made, or not of everything.
    public struct Unchecked: Hashable, Sendable {
        /// The check.
        public let check: Check
        /// Why not, in words that follow "not checked: ".
        public let reason: String

        /// Makes a gap.
        public init(_ check: Check, _ reason: String) {
            self.check = check
            self.reason = reason
        }
    }

    /// The tree.
    public let tree: ObjectID
    /// What was found, by file and line. A finding that is an error refuses the tree.
    public let findings: [Diagnostic]
    /// What was not looked at.
    public let unchecked: [Unchecked]
    /// The modules that the tree asks for; nil when it has no Puppetfile.
    public let puppetfile: Puppetfile?

    /// Makes a report.
    public init(tree: ObjectID, findings: [Diagnostic], unchecked: [Unchecked] = [], puppetfile: Puppetfile? = nil) {
        self.tree = tree
        self.findings = findings
        self.unchecked = unchecked
        self.puppetfile = puppetfile
    }

    /// Whether nothing was found that refuses the tree. What was not checked refuses nothing.
    public var isAccepted: Bool { !findings.contains { $0.severity == .error } }
}

extension TreeReport: CustomStringConvertible {
    /// The report in lines for people: what refuses the tree first, then warnings, then what was not checked.
    public var description: String { CheckWords.lines(findings, unchecked) }
}

/// How findings and gaps look in a verdict.
enum CheckWords {
    /// The most findings that a text lists.
    static let shownFindings = 30

    static func lines(_ findings: [Diagnostic], _ unchecked: [TreeReport.Unchecked]) -> String {
        let sorted = findings.filter { $0.severity == .error } + findings.filter { $0.severity == .warning }
        // Paths are strangers' texts: one that has lines must not look like several findings.
        var lines = sorted.prefix(shownFindings).map { $0.description.replacingAll("\n", with: " ") }
        if sorted.count > shownFindings { lines.append("… and \(sorted.count - shownFindings) more") }
        lines += unchecked.map { "not checked: \($0.check.rawValue): \($0.reason.replacingAll("\n", with: " "))" }
        return TextScrubber(limit: 12_000).scrub(lines.joined(separator: "\n"))
    }
}
