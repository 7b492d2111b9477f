import ChildProcess
import Foundation
import GitClient
import TestSupport
import Testing

@testable import PatchSeries

@Suite("Series and git am")
struct RoundTripTests {
    typealias Step = ScriptedHistory.Step

    private static let text = (1...40).map { "line \($0)\n" }.joined()

    private static func noise(_ seed: UInt8, count: Int = 3000) -> [UInt8] {
        var state = UInt32(seed) &+ 7
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 16)
        }
    }

    /// Everything that a mail of a patch may carry, a commit each.
    private static func cases(_ base: ObjectID) -> [Step] {
        let steps: [Step] = [
            Step(
                "Begin\n",
                [
                    ("text", .text(text)), ("moved/from", .text(text)), ("gone", .text("gone\n")),
                    ("open", .text("a\nb")), ("crlf", .text("one\r\ntwo\r\nthree\r\n")), ("tool", .text("#!/bin/sh\n")),
                    ("left", .text("left\n\(text)")), ("right", .text("\(text)right\n")), ("plain", .text("p\n")),
                    ("image", .bytes(noise(1))), ("place", .text("a file\n")),
                ]),
            Step("Change a line\n\nBecause.\n", [("text", .text(text.replacing("line 7\n", with: "line seven\n")))]),
            Step("Größer als „normal“: naïve café\n\nMehr Wörter: 漢字\n", [("größe/漢字.txt", "süß\n")]),
            Step("\(String(repeating: "many words ", count: 20))end\n", [("plain", "q\n")]),
            Step("\(String(repeating: "ö", count: 120)) \(String(repeating: "漢", count: 60))\n", [("plain", "r\n")]),
            Step("Add an image\n", [("new image", .bytes(noise(2))), ("nothing", .bytes([]))]),
            Step("Change the image a little\n", [("image", .bytes(noise(1, count: 2990) + [1, 2, 3, 0, 0]))]),
            Step("No end of line any more\n", [("text", .text(text + "last"))]),
            Step("An end of line again\n", [("text", .text(text + "last\n")), ("open", .text("a\nb\n"))]),
            Step("Carriage returns\n", [("crlf", .text("one\r\ntwo and a half\r\nthree\r\n"))]),
            Step("Delete\n", [("gone", .deleted), ("nothing", .deleted)]),
            Step(
                "A link, and a file that becomes one\n",
                [("link", .symbolicLink("text")), ("plain", .symbolicLink("open"))]),
            Step("A file becomes a directory\n", [("place", .deleted), ("place/inner", .text("inner\n"))]),
            Step("Odd names\n", [("a b", "1\n"), ("q\"uote", "2\n"), ("back\\slash", "3\n"), ("new\nline", "4\n")]),
            Step("A submodule\n", [("module", .gitlink(base))]),
            Step("Executable\n", [("tool", .executable("#!/bin/sh\n"))]),
            Step(
                "Words that end a mail\n\nFirst\n---\ndiff --git a/x b/x\n--- a/x\n+++ b/x\nFrom \(base) Mon Sep 17 00:00:00 2001\n"
                    + "Index: x\n-- \n-- >8 --\n> quoted\n",
                [("text", .text(text))]),
            Step("Words like a header\n\nFrom: Somebody Else <else@example.org>\nSubject: no\n", [("a b", "11\n")]),
            Step("A title\nof three\nlines\n\nBody\n\nwith gaps\n", [("a b", "12\n")]),
            Step("", [("a b", "13\n")]),
            Step("Lines of another system\r\n\r\nBody\r\n", [("a b", "14\n")]),
            Step("=?UTF-8?q?not_encoded?= at all\n", [("a b", "15\n")]),
            Step("Nothing at all\n", []),
            Step("\n\n  Space around  \n \n  indented\n\n", [("a b", "16\n")]),
        ]
        var rename = Step("Move and change\n")
        rename.renames = [("moved/from", "moved/to")]
        rename.files = [("moved/to", .text(text.replacing("line 20\n", with: "line XX\n")))]
        var swap = Step("Swap two files\n", [("left", .text("\(text)right\n")), ("right", .text("left\n\(text)"))])
        swap.author = Array("Smith, John \"Jo\" (x) <john@example.org>".utf8)
        var latin = Step("", [("a b", "17\n")])
        latin.message = Array("Caf".utf8) + [0xE9] + Array("\n\nn".utf8) + [0xE4] + Array("her\n".utf8)
        latin.author = Array("J".utf8) + [0xFC] + Array("rgen <j@example.org>".utf8)
        latin.encoding = "ISO-8859-1"
        var unnamed = Step("By nobody\n", [("a b", "18\n")])
        unnamed.author = Array("<>".utf8)
        var west = Step("From the west\n", [("a b", "19\n")])
        west.date = "951782399 -0330"
        west.author = Array("李雷 <li@example.org>".utf8)
        var claims = Step("", [("a b", "20\n")])
        claims.message = [0xFF, 0xFE] + Array(" raw bytes\n".utf8)
        var image = Step("Move an image as it is, and change a file\n", [("a b", "16a\n")])
        image.renames = [("new image", "images/as it is")]
        return steps + [rename, image, swap, latin, unnamed, west, claims]
    }

    @Test("git am of a series gives upstream's tree and words, for everything that commits are made of")
    func everything() async throws {
        let first = try ObjectID(String(repeating: "1", count: 40))
        try await withHistory(Self.cases(first)) { folder, mirror, commits in
            let (cursor, head) = (try #require(commits.first), try #require(commits.last))
            let series = try await mirror.speculate {
                try SeriesMaker(in: $0).series(from: cursor, through: head, policy: .automatic)
            }
            #expect(series.form == .firstParent)
            #expect(series.empty.map(\.subject) == ["Nothing at all"])
            #expect(series.patches.count == commits.count - 2)
            let again = try await mirror.speculate {
                try SeriesMaker(in: $0).series(from: commits[4], through: head, policy: .automatic)
            }
            #expect(
                again.patches.map(\.mail) == series.patches.dropFirst(4).map(\.mail), "the same commit, the same bytes")

            let work = try await apply(series, on: cursor, in: folder, from: mirror.path)
            let tree = try await git(["-C", work, "rev-parse", "HEAD^{tree}"]).outputText
            #expect(tree == "\(try await mirror.commit(head).tree)\n")

            // What git itself makes of the same commits, where its own mails can be read.
            let log = ["log", "--reverse", "--encoding=UTF-8", "--format=%an%x01%ae%x01%aI%x01%s%x01%b%x02"]
            func words(_ directory: [String], _ range: String) async throws -> [String] {
                try await git(directory + log + [range]).outputText.split(separator: "\u{2}").map {
                    $0.trimmingCharacters(in: .newlines)
                }
            }
            let ours = try await words(["-C", work], "\(cursor)..HEAD")
            let theirs = try await words(["--git-dir", mirror.path], "\(cursor)..\(head)").filter {
                !$0.contains("Nothing at all")
            }
            #expect(ours.count == theirs.count)
            let special = [
                "Words that end", "Words like a header", "nobody", "raw bytes", "Space around", "another system",
            ]
            for (our, their) in zip(ours, theirs)
            where !special.contains(where: their.contains) && !their.contains("\u{1}\u{1}") {
                #expect(our == their)
            }
            #expect(ours.contains { $0.contains("Jürgen") && $0.contains("Café") && $0.contains("näher") })
            #expect(ours.contains { $0.contains("has no message") })
            #expect(ours.contains { $0.contains("First\n> ---\n> diff --git a/x b/x\n> --- a/x\n> +++ b/x\n> From ") })
            #expect(ours.contains { $0.hasPrefix("Ada Author") && $0.contains("> From: Somebody Else") })
        }
    }

    /// Differences as strangers may write them into a message, to have `evil` made beside what the patch says.
    private static let stowaways = [
        "--- \u{301}a/evil\n+++ b/evil\n@@ -0,0 +1 @@\n+x", "--- /dev/null\n+++ b/evil\n@@ -0,0 +1 @@\n+x",
        "   --- a/evil\n   +++ b/evil\n   @@ -0,0 +1 @@\n   +x", "X--- a/evil\nX+++ b/evil\nX@@ -0,0 +1 @@\nX+x",
        "- --- a/evil\n- +++ b/evil\n@@ -0,0 +1 @@\n+x", "Index: evil\n*** evil\n--- evil\n***************",
        "diff -\u{301}\n--- a/evil\n+++ b/evil\n@@ -0,0 +1 @@\n+x",
        "diff --git a/evil b/evil\nnew file mode 100644\n--- /dev/null\n+++ b/evil\n@@ -0,0 +1 @@\n+x",
        "---\n\n--- /dev/null\n+++ b/evil\n@@ -0,0 +1 @@\n+x", "Prereq: evil", "Index:evil",
    ]

    @Test("a message that holds a difference changes nothing, though a combining mark follows what begins it")
    func messages() async throws {
        let begin = Step("Begin\n", [("a", .text(Self.text)), ("evil", "not yet\n")])
        let steps = Self.stowaways.enumerated().map { index, body in
            Step("Change\n\nWe quote:\n\n\(body)\n", [("a", .text("\(index)\n\(Self.text)"))])
        }
        let long = String(repeating: "x", count: 70)
        // A subject is broken where lines are full; and files may be called anything.
        let odd = Step(
            "\(long) --- a/\(long) +++ b/\(long) @@ -0,0 +1 @@\(long) +\(long)\n",
            [("--- a/evil", "1\n"), ("+++ b/evil", "1\n"), ("@@ -0,0 +1 @@", "1\n")])
        try await withHistory([begin] + steps + [odd]) { folder, mirror, commits in
            let (cursor, head) = (commits[0], try #require(commits.last))
            let series = try await mirror.speculate {
                try SeriesMaker(in: $0).series(from: cursor, through: head, policy: .automatic)
            }
            #expect(series.form == .firstParent && series.patches.count == commits.count - 1)
            for patch in series.patches {
                #expect(try PatchReader().read(patch.mail).withoutPlaces == patch.patch.withoutPlaces)
                let lines = patch.mail.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
                let own = lines.prefix { !$0.hasPrefix("diff --git a") }
                #expect(!own.contains { MailBody.beginsDifference($0) }, "GNU patch takes indented ones, too")
                // What git makes of the mail by itself.
                let changed = try await git(["apply", "--numstat", "-"], input: patch.mail).outputText
                #expect(changed.split(separator: "\n").count == patch.patch.files.count)
            }
            let work = try await apply(series, on: cursor, in: folder, from: mirror.path)
            #expect(try await git(["-C", work, "show", "HEAD:evil"]).outputText == "not yet\n")
            let tree = try await git(["-C", work, "rev-parse", "HEAD^{tree}"]).outputText
            #expect(tree == "\(try await mirror.commit(head).tree)\n")
            let subject = try await git(["-C", work, "log", "-1", "--format=%s"]).outputText
            #expect(subject.hasPrefix("\(long) --- a/\(long)"), "it is the same to people")
        }
    }

    /// Two branches that were merged, with what may happen to them.
    private static func merges() -> [String: (steps: [Step], cursor: Int, form: SeriesForm, patches: Int)] {
        func at(_ parents: [Int], _ message: String, _ files: [(path: String, file: ScriptedFile)]) -> Step {
            var step = Step(message, files)
            step.parents = parents
            return step
        }
        let begin = Step("Begin\n", [("a", .text(text)), ("b", .text(text))])
        let changed = text.replacing("line 7\n", with: "line seven\n")
        let other = text.replacing("line 7\n", with: "line VII\n")
        let both = text.replacing("line 7\n", with: "line seven or VII\n")
        return [
            "linear": (
                [begin, Step("One\n", [("a", .text(changed))]), Step("Two\n", [("b", .text(other))])], 0, .firstParent,
                2
            ),
            "clean merge": (
                [
                    begin, at([0], "Ours\n", [("a", .text(changed))]), at([0], "Theirs\n", [("b", .text(other))]),
                    at([1, 2], "Merge\n", [("b", .text(other))]),
                ], 0, .firstParent, 2
            ),
            "merge with a resolution": (
                [
                    begin, at([0], "Ours\n", [("a", .text(changed))]), at([0], "Theirs\n", [("a", .text(other))]),
                    at([1, 2], "Merge\n", [("a", .text(both)), ("c", "extra\n")]),
                ], 0, .firstParent, 2
            ),
            "cursor on the other side": (
                [
                    begin, at([0], "Ours\n", [("a", .text(changed))]), at([0], "Theirs\n", [("b", .text(other))]),
                    at([1, 2], "Merge\n", [("b", .text(other))]),
                ], 2, .commits, 1
            ),
            "cursor on the other side, with a resolution": (
                [
                    begin, at([0], "Ours\n", [("a", .text(changed))]), at([0], "Theirs\n", [("a", .text(other))]),
                    at([1, 2], "Merge\n", [("a", .text(both))]),
                ], 2, .squashed, 1
            ),
            "taken back": (
                [begin, Step("One\n", [("a", .text(changed))]), Step("Back\n", [("a", .text(text))])], 0, .firstParent,
                2
            ),
            "nothing": ([begin, Step("Nothing\n"), Step("Nothing again\n")], 0, .firstParent, 0),
            "a merge of three": (
                [
                    begin, at([0], "One\n", [("c", "1\n")]), at([0], "Two\n", [("d", "2\n")]),
                    at([0], "Three\n", [("e", "3\n")]),
                    at([1, 2, 3], "Merge\n", [("d", "2\n"), ("e", "3\n")]),
                ], 0, .firstParent, 2
            ),
            "a merge that changes nothing": (
                [
                    begin, at([0], "Ours\n", [("a", .text(changed))]), at([0], "Theirs\n", [("a", .text(other))]),
                    at([1, 2], "Merge and keep ours\n", []),
                ], 0, .firstParent, 1
            ),
            "unrelated history merged in": (
                [begin, at([], "Other\n", [("z", "z\n")]), at([0, 1], "Merge\n", [("z", "z\n")])], 0, .firstParent, 1
            ),
        ]
    }

    @Test(
        "a history of any shape becomes a series that git am takes from the cursor's tree to the head's",
        arguments: merges().keys.sorted())
    func shapes(_ name: String) async throws {
        let shape = try #require(Self.merges()[name])
        try await withHistory(shape.steps) { folder, mirror, commits in
            let (cursor, head) = (commits[shape.cursor], try #require(commits.last))
            for policy in SeriesPolicy.allCases {
                let series = try await mirror.speculate {
                    try SeriesMaker(in: $0).series(from: cursor, through: head, policy: policy)
                }
                if policy == .automatic {
                    #expect(series.form == shape.form)
                    #expect(series.patches.count == shape.patches)
                }
                let work = try await apply(series, on: cursor, in: "\(folder)/\(policy)", from: mirror.path)
                let tree = try await git(["-C", work, "rev-parse", "HEAD^{tree}"]).outputText
                #expect(tree == "\(try await mirror.commit(head).tree)\n", "\(policy)")
            }
        }
    }

    @Test("what a merge brought is named with its patch, and one patch for all names every commit")
    func brought() async throws {
        let shape = try #require(Self.merges()["clean merge"])
        try await withHistory(shape.steps) { _, mirror, commits in
            let (cursor, head) = (commits[0], commits[3])
            let (merged, squashed) = try await mirror.speculate { trial in
                let maker = SeriesMaker(in: trial)
                return (
                    try maker.series(from: cursor, through: head, policy: .automatic),
                    try maker.series(from: cursor, through: head, policy: .squash)
                )
            }
            #expect(merged.patches.map { $0.brought.map(\.subject) } == [[], ["Theirs"]])
            #expect(Set(try #require(squashed.patches.first).brought.map(\.id)) == Set(commits[1...]))
            #expect(squashed.patches.first?.words.subject == "3 commits through: Merge")
        }
    }

    /// Applies a series with the real `git am` in a work tree of its own.
    private func apply(_ series: Series, on cursor: ObjectID, in folder: String, from repository: String) async throws
        -> String
    {
        let work = "\(folder)/work"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await git(["clone", "--quiet", "--no-checkout", "--shared", repository, work])
        try await git(["-C", work, "checkout", "--quiet", "--detach", "\(cursor)"])
        guard !series.patches.isEmpty else { return work }
        let box = "\(folder)/series.mbox"
        try Data(series.patches.flatMap(\.mail)).write(to: URL(filePath: box))
        try await git(["-C", work, "am", "--quiet", "--keep-cr", box])
        return work
    }
}
