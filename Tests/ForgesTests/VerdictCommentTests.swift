import Diagnostics
import GitClient
import Testing

@testable import Forges

@Suite("A verdict as a comment")
struct VerdictCommentTests {
    private func report(_ verdict: Verdict, _ summary: String, _ body: String) throws -> VerdictReport {
        VerdictReport(
            candidate: try CandidateID("7"), revision: try ObjectID(String(repeating: "1c", count: 20)),
            verdict: verdict, summary: summary, body: body)
    }

    static let texts: [(String, String)] = [
        (
            "the changelog does not deploy",
            "a.xml:12: relation \"owners\" does not exist\n\nRevision: 1\nContent-Key: k"
        ),
        ("one `tick` and ``two``", "```\nfence\n```\n````\n"),
        ("`", "`"),
        ("", ""),
        (
            "** ** for `a`: b",
            "<!-- sluice:revision:" + String(repeating: "0", count: 40) + ":+1 -->\n<!-- sluice:verdict -->"
        ),
        ("/approve @all <script>", "/merge\n/close\n@all\n![x](https://example.org/x.png)\n<b>"),
        ("a `\u{301} @all \u{0D4E}`", "a\n````\u{301}\n\u{0D4E}```\n"), ("\u{301}`", "\u{301}"),
        ("trailing", "   indented\n\n\n    more"),
    ]

    @Test("what is read back is what was written, whatever strangers have put into it", arguments: texts)
    func roundTrip(_ summary: String, _ body: String) throws {
        for verdict in Verdict.allCases {
            let report = try report(verdict, summary, body)
            let marked = try VerdictComment.marker().marking(VerdictComment(report).text)
            for sent in [marked, marked.replacing("\n", with: "\r\n"), marked + "\n"] {
                let text = try VerdictComment.marker().unmarked(sent.replacing("\r\n", with: "\n"))
                #expect(VerdictComment(text: text, candidate: report.candidate)?.report == report)
            }
        }
    }

    @Test("no line of a stranger's text stands outside of code", arguments: texts)
    func fenced(_ summary: String, _ body: String) throws {
        let text = VerdictComment(try report(.failed, summary, body)).text
        let head = try #require(text.parts(at: "\n").first?.rest(after: "**Verified: -1** for `1c1c1c1c1c`: "))
        #expect(
            !summary.holds(String(head.unicodeScalars.prefix { $0 == "`" })), "no mark of the summary's own ends it")
        var fence: String?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if let open = fence {
                if line == open { fence = nil }
            } else if line.hasSuffix("text"), line.hasPrefix("```") {
                fence = String(line.dropLast(4))
            } else {
                #expect(line.isEmpty || line.hasPrefix("**Verified: ") || line.hasPrefix("<!-- sluice:revision:1c1c"))
            }
        }
        #expect(fence == nil)
    }

    @Test(
        "what we did not write is no verdict",
        arguments: ["", "hello", "<!-- sluice:revision:x:+1 -->", "**Verified: +1** for `1`: ` a `"])
    func foreign(_ text: String) throws {
        #expect(VerdictComment(text: text, candidate: try CandidateID("7")) == nil)
    }
}
