import GitClient
import Testing

@testable import PatchSeries

@Suite("Mails of patches")
struct MailTests {
    @Test(
        "a time is written as mails have it",
        arguments: [
            (0, 0, "Thu, 1 Jan 1970 00:00:00 +0000"), (1_767_294_245, 480, "Fri, 2 Jan 2026 03:04:05 +0800"),
            (951_782_399, -210, "Mon, 28 Feb 2000 20:29:59 -0330"), (951_782_400, 0, "Tue, 29 Feb 2000 00:00:00 +0000"),
            (0, -60, "Wed, 31 Dec 1969 23:00:00 -0100"), (4_107_542_400, 0, "Mon, 1 Mar 2100 00:00:00 +0000"),
            (Int64.max, 90_000, "Sat, 1 Jan 10000 13:59:59 +1400"), (Int64.min, 0, "Thu, 1 Jan 1970 00:00:00 +0000"),
        ] as [(Int64, Int, String)])
    func dates(_ seconds: Int64, _ offset: Int, _ expected: String) {
        #expect(MailDate.text(seconds, offset: offset) == expected)
    }

    @Test(
        "a line of a message that a program would read is quoted, and no other",
        arguments: [
            ("--- \u{301}a/evil", true), ("--- a/evil", true), ("\t  +++ b/evil", true), ("XX @@ -1 +1 @@", true),
            ("- - --- a/evil", true), ("diff -\u{301}u", true), ("From \u{301}", true), (">From x", true),
            ("---", true),
            ("--- ", true), ("---\t", true), (" *** a", true), ("GIT binary patch", true), ("Only in a: b", true),
            ("----", false), ("--x", false), (" ---", false), ("\u{0D4E}--- a", false), ("different", false),
            ("", false),
            ("- one point", false), ("-- ", false), ("+ more", false), ("> quoted", false),
        ])
    func lines(_ line: String, _ isRead: Bool) {
        let expected = isRead ? "> \(line)" : line
        #expect(MailBody.safe("Words\n\(line)").utf8.elementsEqual("Words\n\(expected)".utf8))
    }

    @Test("a header in a message is quoted where git looks for one, and scissors are opened")
    func headers() {
        for header in ["FROM: a", "from:\u{301} a", "Subject: b", "[PATCH] c", "Date:\u{301}"] {
            #expect(MailBody.safe("\n\(header)").utf8.elementsEqual("\n> \(header)".utf8))
            #expect(MailBody.safe("a\n\(header)").utf8.elementsEqual("a\n\(header)".utf8))
        }
        #expect(MailBody.safe("a\n-- >8 --\n- 8<\u{301} -") == "a\n-- > 8 --\n- 8 <\u{301} -")
    }

    @Test("no line of a header is longer than mails allow, and no character is torn apart")
    func widths() {
        let text = String(repeating: "漢字 ö ", count: 40)
        let lines = EncodedWords.text(text, after: 17).split(separator: "\n")
        #expect(lines.count > 5)
        #expect(lines.allSatisfy { $0.utf8.count <= 76 })
        #expect((lines.first?.utf8.count ?? 0) + 17 <= 76)
        #expect(EncodedWords.text("plain words", after: 17) == "plain words")
        #expect(EncodedWords.phrase("Smith, John", after: 6) == "\"Smith, John\"")
        #expect(EncodedWords.phrase("Jürgen", after: 6) == "=?UTF-8?q?J=C3=BCrgen?=")
    }

    @Test(
        "a patch's file is named by number, commit and words, whatever the words are",
        arguments: [
            ("Fix the parser", "0007-1111111111-Fix-the-parser.patch"), ("漢字", "0007-1111111111.patch"),
            ("../../etc/passwd", "0007-1111111111-etc-passwd.patch"), (".", "0007-1111111111.patch"),
            (String(repeating: "word ", count: 40), "0007-1111111111-\(String(repeating: "word-", count: 10))wo.patch"),
        ])
    func names(_ subject: String, _ expected: String) throws {
        let commit = try ObjectID(String(repeating: "1", count: 40))
        #expect(PatchName.file(number: 7, commit: commit, subject: subject) == expected)
        #expect(PatchName.file(number: 12_345, commit: commit, subject: "x") == "12345-1111111111-x.patch")
    }
}
