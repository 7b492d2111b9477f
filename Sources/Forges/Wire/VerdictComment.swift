import Diagnostics
import GitClient

/// A verdict as a comment in Markdown, and back.
///
///     **Verified: -1** for `1c2d3e4f50`: `the changelog does not deploy`
///
///     ```text
///     …
///     ```
///
///     <!-- sluice:revision:1c2d3e4f5061728394a5b6c7d8e9f00112233445:-1 -->
///     <!-- sluice:verdict -->
///
/// The summary and the body are code, and so neither Markdown nor HTML, no mention of anybody and no command to the host
/// (GitLab runs lines that begin with a slash): what strangers wrote into a changelog is in them.
struct VerdictComment {
    let report: VerdictReport

    /// What a verdict's comment is found again by.
    static func marker() throws -> Marker { try Marker("verdict") }

    /// The comment without the marker at its end.
    var text: String {
        let label = report.verdict.label
        var text = "**Verified: \(label)** for `\(report.revision.abbreviated)`: \(Self.inline(report.summary))\n\n"
        if !report.body.isEmpty {
            let fence = Self.run(of: "`", longerThanIn: report.body, atLeast: 3)
            text += "\(fence)text\n\(report.body)\n\(fence)\n\n"
        }
        return text + "<!-- sluice:revision:\(report.revision):\(label) -->"
    }

    init(_ report: VerdictReport) { self.report = report }

    /// Reads a comment of ours, without its marker; nil when it is none.
    init?(text: String, candidate: CandidateID) {
        var lines = text.replacingAll("\r\n", with: "\n").trimmedEnd
            .parts(at: "\n")
        guard let last = lines.popLast(),
            let match = last.wholeMatch(of: /<!-- sluice:revision:([0-9a-f]{40}):([+-]?[01]) -->/),
            let revision = ObjectID(exactly: match.1),
            let verdict = Verdict.allCases.first(where: { $0.label == match.2 }),
            let head = lines.first.flatMap({
                $0.wholeMatch(
                    of: /\*\*Verified: [^*]*\*\* for `[0-9a-f]*`: (`+) ?(.*?) ?\1/.matchingSemantics(.unicodeScalar))
            })
        else { return nil }
        lines.removeFirst()
        while lines.first?.isEmpty == true { lines.removeFirst() }
        while lines.last?.isEmpty == true { lines.removeLast() }
        var body: [Substring] = []
        if let opening = lines.first, opening.begins(with: "```"), lines.count >= 2 {
            body = Array(lines.dropFirst().dropLast())
        }
        report = VerdictReport(
            candidate: candidate, revision: revision, verdict: verdict, summary: String(head.2),
            body: body.joined(separator: "\n"))
    }

    private static func inline(_ text: String) -> String {
        let fence = run(of: "`", longerThanIn: text, atLeast: 1)
        return "\(fence) \(text) \(fence)"
    }

    /// Some backticks, one more than stand in a row anywhere in the text.
    private static func run(of mark: Unicode.Scalar, longerThanIn text: String, atLeast least: Int) -> String {
        var (longest, current) = (0, 0)
        for scalar in text.unicodeScalars {
            current = scalar == mark ? current + 1 : 0
            longest = max(longest, current)
        }
        return String(repeating: Character(mark), count: max(least, longest + 1))
    }
}
