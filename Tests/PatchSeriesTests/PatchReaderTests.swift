import Diagnostics
import GitClient
import Testing

@testable import PatchSeries

@Suite("Reading patches")
struct PatchReaderTests {
    private static func read(_ text: String, limits: PatchLimits = PatchLimits()) throws -> Patch {
        try PatchReader(limits: limits).read(Array(text.utf8), file: "a.patch")
    }

    private static let plain = """
        A mail, and what people write before a difference.

        --- old/dir/a.txt\t2026-01-02 03:04:05
        +++ new/dir/a.txt\t2026-01-02 03:04:06
        @@ -1,2 +1,2 @@ where
         one
        -two
        +deux
        --
        git
        """

    @Test("what diff -u writes is read as what git diff writes, with everything around it passed over")
    func plain() throws {
        let file = try #require(try Self.read(Self.plain).files.first)
        #expect(file.change == .modified)
        #expect(file.oldPath == "dir/a.txt" && file.newPath == "dir/a.txt")
        #expect(
            file.hunks.map(\.before).map { $0.map { String(decoding: $0, as: UTF8.self) } } == [["one\n", "two\n"]])
        #expect(file.line == 3 && file.hunks.first?.line == 5)
    }

    @Test("names are read as git quotes them, and what git says of a file is kept")
    func headers() throws {
        let files = try Self.read(
            """
            diff --git "a/n\\303\\266 \\"q\\"" "b/n\\303\\266 \\"q\\""
            old mode 100644
            new mode 100755
            diff --git a/a b b/a b
            new file mode 100644
            index 0000000000..e69de29bb2
            diff --git a/from b/to
            similarity index 100%
            rename from from
            rename to to
            """
        ).files
        #expect(files.map(\.path) == ["nö \"q\"", "a b", "to"])
        #expect(files.map(\.change) == [.modified, .created, .renamed])
        #expect(files[0].newMode == .executable && files[1].newID == "e69de29bb2" && files[2].oldPath == "from")
    }

    @Test(
        "a broken patch is refused with the line at which it breaks",
        arguments: [
            ("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n one\n", 5, "ends inside of a hunk"),
            ("--- a/x\n+++ b/x\n@@ -1 +1 @@\n*one\n", 4, "none of space, plus and minus"),
            ("--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n one\n", 5, "changes nothing"),
            ("--- a/x\n+++ b/x\n@@ -1,1 +1,0 @@\n one\n", 4, "other lines than it says"),
            ("--- a/x\n+++ b/x\n@@ -one +1 @@\n", 3, "ranges"),
            ("--- a/x\n+++ b/x\n@@ -1,99999999999 +1 @@\n", 3, "ranges"),
            ("diff --git a/x b/y\nold mode 100644\nnew mode 100755\n", 4, "names no file"),
            ("diff --git a/x b/x\nnew file mode 040000\n", 2, "kind of file"),
            ("diff --git a/x b/x\nindex 1..2\nGIT binary patch\nliteral x\n", 2, "two ids"),
            ("diff --git a/x b/x\nGIT binary patch\nliteral 3\nz?\n\n", 4, "line of a binary file"),
            ("diff --git a/x b/x\nGIT binary patch\n", 3, "no content"),
        ])
    func broken(_ text: String, _ line: Int, _ words: String) {
        let error = #expect(throws: SluiceError.self) { try Self.read(text) }
        #expect(error?.code == "patch.corrupt")
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        #expect(error?.location?.line == line)
    }

    @Test(
        "a name that leads out of the tree, into git's own folder or to no text is refused",
        arguments: [
            "a/../../etc/passwd", "a//etc/passwd", "a/.git/config", "a/x/.GIT/hooks/y", "a/./x", "\"a/\\000x\"",
            "\"a/\\377\"", "\"a/x", "\"a/\\8\"", "a/",
        ])
    func hostileNames(_ name: String) {
        let error = #expect(throws: SluiceError.self) {
            try Self.read("--- \(name)\n+++ \(name)\n@@ -1 +1 @@\n-a\n+b\n")
        }
        #expect(error?.code == "patch.path-invalid")
    }

    @Test("no limit is exceeded, whatever a patch claims")
    func limits() throws {
        let two = Self.plain + "\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n@@ -9 +9 @@\n-a\n+b\n"
        for limits in [PatchLimits(bytes: 20), PatchLimits(files: 1), PatchLimits(hunks: 2)] {
            let error = #expect(throws: SluiceError.self) { try Self.read(two, limits: limits) }
            #expect(error?.code == "patch.too-large")
        }
        let claim = "diff --git a/x b/x\nGIT binary patch\nliteral 60000000\nEcmZQz00961\n\n"
        #expect(throws: SluiceError.self) { try Self.read(claim, limits: PatchLimits(fileSize: 1 << 20)) }
        let binary = try #require(try Self.read(claim).files.first?.binary)
        #expect(binary.content(from: [], limit: 64 << 20) == nil, "nothing unpacks to thousands of times its size")
    }

    @Test("a delta that reads beyond its base, or makes more than it says, gives nothing")
    func deltas() {
        let base: [UInt8] = [1, 2, 3, 4]
        #expect(BinaryDelta(bytes: [4, 3, 0x91, 1, 2, 1, 9]).applied(to: base, limit: 9) == [2, 3, 9])
        for bytes: [UInt8] in [
            [], [4], [3, 3], [4, 3, 0x91, 3, 2, 1, 9], [4, 3, 0x90, 2, 1, 9, 9], [4, 3, 0], [4, 3, 5, 1],
            [4, 1, 2, 1, 1],
            [4, 3, 0x91], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1],
            [4, 10, 0x90, 4, 0x90, 4, 2, 1, 1],
        ] {
            #expect(BinaryDelta(bytes: bytes).applied(to: base, limit: 9) == nil, "\(bytes)")
        }
    }
}
