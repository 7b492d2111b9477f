import GitClient
import Testing

@testable import PatchSeries

@Suite("Applying patches")
struct ApplyTests {
    /// Files in memory.
    private struct Files: FileSource {
        var files: [String: PatchedFile]

        init(_ files: [String: String]) {
            self.files = files.mapValues { PatchedFile(mode: .regular, bytes: Array($0.utf8)) }
        }

        func file(at path: String) -> PatchedFile? { files[path] }
        func isDirectory(_ path: String) -> Bool { files.keys.contains { $0.hasPrefix("\(path)/") } }
        func likelyPlaces(of path: String, content: String?) -> [String] { files.keys.sorted() }
    }

    private static func apply(_ patch: String, to files: [String: String]) throws -> PatchApplication {
        try PatchApplier().apply(try PatchReader().read(Array(patch.utf8)), to: Files(files))
    }

    private static let patch = """
        --- a/main.c
        +++ b/main.c
        @@ -3,5 +3,5 @@
         three
         four
        -five
        +cinq
         six
         seven

        """
    private static let numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight"]
    private static func text(_ lines: [String]) -> String { lines.map { "\($0)\n" }.joined() }

    @Test("a hunk that fits nowhere says where it was expected, what it looks most like, and how that differs")
    func nearest() throws {
        var lines = Self.numbers
        lines[5] = "sechs"
        let result = try Self.apply(Self.patch, to: ["main.c": Self.text(["zero"] + lines)])
        #expect(result.status == .conflict)
        let file = try #require(result.files.first)
        #expect(file.problem == .hunks)
        let place = SimilarPlace(line: 4, matching: 4, total: 5, differsAt: 7, expected: "six", found: "sechs")
        #expect(file.hunks == [.conflict(line: 3, nearest: place)])
        #expect(result.changes.isEmpty)
    }

    @Test("what a hunk looks like is sought for the first of a file that fits nowhere, and while the budget lasts")
    func budget() throws {
        func hunk(_ line: Int) -> String { "@@ -\(line),3 +\(line),3 @@\n a\(line)\n-b\(line)\n+c\n z\n" }
        func file(_ name: String) -> String { "--- a/\(name)\n+++ b/\(name)\n" + [10, 20].map(hunk).joined() }
        let content = (1...50).map { "a\($0)\n" }.joined()
        let names = ["1", "2", "3", "4"]
        let patch = try PatchReader().read(Array(names.map(file).joined().utf8))
        // Three lines of each hunk with fifty of each file: enough for two of them.
        var budget = SearchBudget(pairs: 310)
        let files = Files(Dictionary(uniqueKeysWithValues: names.map { ($0, content) }))
        let result = try PatchApplier().apply(patch, to: files, seekingWith: &budget)
        let sought = result.files.map { file in
            file.hunks.map { if case .conflict(_, _?, let isSought) = $0 { isSought } else { false } }
        }
        #expect(sought == [[true, false], [true, false], [false, false], [false, false]])
        #expect(budget.pairs == 10)
    }

    @Test("where a missing file may be now costs no search for what its hunks look like")
    func budgetOfMoved() throws {
        var budget = SearchBudget()
        let files = Files(["a/main.c": "three\nfour\n", "b/main.c": Self.text(Self.numbers)])
        let result = try PatchApplier().apply(
            try PatchReader().read(Array(Self.patch.utf8)), to: files, seekingWith: &budget)
        #expect(result.files.first?.problem == .missing(movedTo: "b/main.c"))
        #expect(budget == SearchBudget())
    }

    @Test(
        "a patch fits, fits elsewhere, or was applied before",
        arguments: [
            (numbers, PatchStatus.clean, HunkOutcome.fits(line: 3, by: 0)),
            (["zero", "and a half"] + numbers, .offset, .fits(line: 5, by: 2)),
            (Array(numbers.dropFirst(2)), .offset, .fits(line: 1, by: -2)),
            (numbers.map { $0 == "five" ? "cinq" : $0 }, .alreadyApplied, .alreadyApplied(line: 3)),
        ])
    func outcomes(_ lines: [String], _ status: PatchStatus, _ hunk: HunkOutcome) throws {
        let result = try Self.apply(Self.patch, to: ["main.c": Self.text(lines)])
        #expect(result.status == status)
        #expect(result.files.first?.hunks == [hunk])
    }

    @Test("a missing file is looked for where the patch would fit")
    func moved() throws {
        let found = try Self.apply(Self.patch, to: ["a.c": "no\n", "src/main.c": Self.text(Self.numbers)])
        #expect(found.files.first?.problem == .missing(movedTo: "src/main.c"))
        let lost = try Self.apply(Self.patch, to: ["a.c": "no\n"])
        #expect(lost.files.first?.problem == .missing(movedTo: nil))
    }

    @Test("a patch of which a part was applied before is no clean patch, and says which part")
    func partly() throws {
        let two = Self.patch + "@@ -20,3 +20,3 @@\n a\n-b\n+B\n c\n"
        let lines = Self.numbers.map { $0 == "five" ? "cinq" : $0 } + ["a", "b", "c"]
        let result = try Self.apply(two, to: ["main.c": Self.text(lines)])
        #expect(result.status == .conflict)
        #expect(result.files.first?.problem == .partlyApplied)
        #expect(result.files.first?.hunks == [.alreadyApplied(line: 3), .fits(line: 9, by: -11)])
    }

    @Test("a file that is made, deleted or moved meets what stands there")
    func wholeFiles() throws {
        let make = "diff --git a/n b/n\nnew file mode 100755\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+new\n"
        #expect(try Self.apply(make, to: [:]).changes.first?.file?.mode == .executable)
        #expect(try Self.apply(make, to: ["n": "old\n"]).files.first?.problem == .exists)
        #expect(try Self.apply(make, to: ["n/inner": "x"]).files.first?.problem == .otherKind)
        let drop = "diff --git a/n b/n\ndeleted file mode 100644\n--- a/n\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n"
        #expect(try Self.apply(drop, to: ["n": "old\n"]).changes.map(\.path) == ["n"])
        #expect(try Self.apply(drop, to: [:]).status == .alreadyApplied)
        #expect(try Self.apply(drop, to: ["n": "old\nmore\n"]).status == .conflict)
        let move = "diff --git a/n b/m\nsimilarity index 100%\nrename from n\nrename to m\n"
        #expect(try Self.apply(move, to: ["n": "x\n"]).changes.map(\.path) == ["m", "n"])
        #expect(try Self.apply(move, to: ["n": "x\n", "m": "y\n"]).files.first?.problem == .exists)
        #expect(try Self.apply(move, to: ["m": "y\n"]).status == .alreadyApplied)
    }
}
