import Diagnostics
import Foundation
import GitClient

/// Gerrit's times: `2026-03-02 08:15:04.000000000`, in UTC.
enum GerritTime {
    static func date(_ text: String?) -> Date? {
        guard let match = text?.wholeMatch(of: /(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(\.\d+)?/) else { return nil }
        return try? Date(
            "\(match.1)-\(match.2)-\(match.3)T\(match.4):\(match.5):\(match.6)Z", strategy: .iso8601)
    }
}

/// Texts as Gerrit keeps them. Pure.
enum GerritText {
    /// A verdict as a message: `Verified -1: summary`, an empty line, the body. Gerrit shows it as plain text.
    static func message(_ report: VerdictReport) -> String {
        let head = "Verified \(report.verdict.label): \(report.summary)"
        return report.body.isEmpty ? head : "\(head)\n\n\(report.body)"
    }

    /// Reads a verdict's message; nil when it is none.
    static func report(_ message: String, candidate: CandidateID, revision: ObjectID) -> VerdictReport? {
        let text = withoutPrefix(message)
        guard let (verdict, summary, body) = parts(text) else { return nil }
        return VerdictReport(
            candidate: candidate, revision: revision, verdict: verdict, summary: String(summary), body: String(body))
    }

    /// Whether a message is a verdict's.
    static func isVerdict(_ message: String) -> Bool { parts(withoutPrefix(message)) != nil }

    private static func parts(_ text: String) -> (Verdict, summary: Substring, body: Substring)? {
        let head = text.prefix { $0 != "\n" }
        guard let match = head.wholeMatch(of: /Verified ([+-]?[01]): (.*)/),
            let verdict = Verdict.allCases.first(where: { $0.label == match.1 })
        else { return nil }
        return (verdict, match.2, text[head.endIndex...])
    }

    /// A message without what Gerrit puts before it: `Patch Set 3: Verified+1`, an empty line.
    static func withoutPrefix(_ message: String) -> String {
        let text = message.replacingAll("\r\n", with: "\n")
        guard text.begins(with: "Patch Set "), let gap = text.exactRange(of: "\n\n") else { return text.trimmedEnd }
        return String(text[gap.upperBound...]).trimmedEnd
    }

    /// A commit's message without its subject and without its footers.
    static func body(ofCommitMessage message: String) -> String {
        var paragraphs = message.trimmedEnd.parts(between: "\n\n").filter { !$0.isEmpty }.dropFirst()
        if let last = paragraphs.last, last.words(at: "\n").contains(where: { $0.begins(with: "Change-Id: ") }) {
            paragraphs.removeLast()
        }
        return paragraphs.joined(separator: "\n\n")
    }
}
