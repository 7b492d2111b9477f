import DesiredState
import Forges
import GitClient
import Reconciliation
import TestSupport
import Testing

@testable import UpstreamTracking

@Suite("Strangers' words")
struct InertTextTests {
    private static let hostile =
        "Fix @maintainer, fixes #12 and org/tool#4, closes GH-7 gl-8 !3 ~\"bug\" %4 &5 $6 [epic:7] [skip ci] at "
        + "https://evil.example/x WWW.evil.example |\u{301} `\u{301}a` <img src=x> **b** \\"

    @Test(
        "What hosts take for a mention, a reference, a link or an order to their CI is broken where it begins",
        arguments: [
            ("@ada", "@\u{2060}ada"), ("a@b", "a@\u{2060}b"), ("fixes #12", "fixes #\u{2060}12"),
            ("o/r#1", "o/r#\u{2060}1"), ("!3", "!\u{2060}3"), ("GH-1", "GH\u{2060}-1"), ("gl-1", "gl\u{2060}-1"),
            ("http://a", "http:\u{2060}//a"), ("www.a", "www\u{2060}.a"), ("[ci skip]", "[\u{2060}ci skip]"),
            ("~bug", "~\u{2060}bug"), ("%\"1.0\"", "%\u{2060}\"1.0\""), ("@\u{301}", "@\u{2060}\u{301}"),
            ("@\u{200B}ada", "@ ada"), ("#\u{2060}1", "# 1"), ("a\nb", "a b"), ("a\r\nb", "a  b"),
            // These are as they were.
            ("CVE-2026-1, UTF-8: 100% & more", "CVE-2026-1, UTF-8: 100% & more"), ("a/b: c", "a/b: c"), ("", ""),
        ])
    func broken(_ text: String, _ expected: String) {
        #expect(InertText(text).plain.unicodeScalars.elementsEqual(expected.unicodeScalars))
    }

    @Test("In Markdown every mark is escaped, one with an accent behind it too")
    func marks() {
        let text = InertText("|\u{301}`\u{301}<\u{338}\\").markdown
        #expect(text.unicodeScalars.elementsEqual("\\|\u{301}\\`\u{301}\\<\u{338}\\\\".unicodeScalars))
        #expect(InertText("a`\u{301}b`").code.unicodeScalars.filter { $0 == "`" }.count == 2)
        #expect(InertText(String(repeating: "@a", count: 1 << 19)).markdown.utf8.count < 2_000)
    }

    @Test("Hostile subjects and names mention nobody and close nothing, in texts, titles and commit messages")
    func everywhere() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            try await world.commit([3: "three"], Self.hostile)
            try await world.look()
            let request = try #require(try await world.request())
            let message = try await world.packageRepository.git("log", "-1", "--format=%B", UpstreamWorld.branch)
            let issue = try #require(try await world.issues().first)
            let row = try #require(request.body.split(separator: "\n").first { $0.hasPrefix("| 1 |") })
            for text in [request.title, issue.title, message, String(row)] {
                let shown = text.replacing("\\", with: "")
                #expect(shown.unicodeScalars.contains("\u{2060}"))
                for word in [
                    "@maintainer", "#12", "#4", "GH-7", "gl-8", "!3", "~\"bug", "%4", "&5", "$6", "[epic", "[skip",
                    "https://evil", "WWW.evil",
                ] {
                    #expect(!shown.contains(word), "\(word) in \(text)")
                }
            }
            let bars = zip(row.unicodeScalars, [" "] + row.unicodeScalars).count { $0 == "|" && $1 != "\\" }
            #expect(bars == 6, "the table keeps its columns: \(row)")
        }
    }
}
