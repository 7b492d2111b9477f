import Diagnostics
public import GitClient

/// The judgement on a revision, with the numbers that Gerrit's `Verified` label has.
public enum Verdict: Int, Hashable, Sendable, Codable, CaseIterable {
    /// It must not be merged.
    case failed = -1
    /// It is not judged yet, or is being judged.
    case unknown = 0
    /// It was deployed and may be merged.
    case success = 1

    /// `-1`, `0` or `+1`.
    public var label: String { rawValue > 0 ? "+\(rawValue)" : "\(rawValue)" }
}

/// A verdict on one candidate at one revision, with the comment that explains it.
public struct VerdictReport: Hashable, Sendable {
    /// Whose verdict it is.
    public let candidate: CandidateID
    /// The commit that was judged.
    public let revision: ObjectID
    /// The judgement.
    public let verdict: Verdict
    /// What happened, in one line.
    public let summary: String
    /// The explanation, plain text or Markdown.
    public let body: String

    /// The most bytes of a body. Forges refuse comments of some tens of kilobytes.
    public static let bodyLimit = 16_000

    /// Makes a report. The summary becomes one line of at most 300 characters; from the body NUL and other control
    /// characters but tabs and line feeds are taken, as well as white space at its end, and what exceeds ``bodyLimit``.
    /// So a report that was read back from a forge equals the one that was written.
    public init(
        candidate: CandidateID, revision: ObjectID, verdict: Verdict, summary: String, body: String = ""
    ) {
        self.candidate = candidate
        self.revision = revision
        self.verdict = verdict
        self.summary = SingleLine.of(summary, limit: 300)
        self.body = VerdictReport.tidy(body)
    }

    private static func tidy(_ body: String) -> String {
        var text = String.UnicodeScalarView()
        text.append(
            contentsOf: body.unicodeScalars.filter {
                $0 == "\n" || $0 == "\t" || !$0.changesDisplay
            })
        let lines = String(text).parts(at: "\n").map { line in
            var line = line
            while line.last?.isWhitespace == true { line.removeLast() }
            return String(line)
        }
        let first = lines.firstIndex { !$0.isEmpty } ?? lines.endIndex
        let last = lines.lastIndex { !$0.isEmpty } ?? lines.startIndex
        guard first <= last, first < lines.endIndex else { return "" }
        return shortened(lines[first...last].joined(separator: "\n"))
    }

    private static func shortened(_ text: String) -> String {
        let mark = "\n[shortened]"
        guard text.utf8.count > bodyLimit else { return text }
        var kept = text.utf8.prefix(bodyLimit - mark.utf8.count)
        while String(kept) == nil { kept.removeLast() }
        return "\(String(decoding: kept, as: UTF8.self).trimmedEnd)\(mark)"
    }
}

extension String {
    /// Without `suffix` at the end, if it stands there.
    func trimmingSuffix(_ suffix: String) -> String { rest(before: suffix).map(String.init) ?? self }
}

extension StringProtocol {
    /// Without white space at the end.
    var trimmedEnd: String {
        var text = Substring(self)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
