import Diagnostics
import GitClient
import TestSupport
import Testing

@Suite struct RefNameTests {
    /// Names at the edges of git's grammar.
    static let names = [
        "refs/heads/main", "refs/heads/a/b/c", "refs/heads/-h", "refs/heads/--upload-pack=x", "refs/heads/a'b\"c",
        "refs/heads/ünï/日本", "refs/heads/e\u{301}", "refs/heads/\u{1F600}", "refs/heads/a;b|c&d$(e)`f`",
        "refs/heads/@", "refs/heads/a@b", "refs/heads/a{b}", "refs/heads/lock", "refs/heads/a.lockx", "refs/heads/a.b",
        "refs/heads/a..b", "refs/heads/a...b", "refs/heads/.a", "refs/heads/a/.b", "refs/heads/a.", "refs/heads/a./b",
        "refs/heads/a.lock", "refs/heads/a.lock/b", "refs/heads//a", "refs/heads/a/", "refs/heads/", "refs/heads/a b",
        "refs/heads/a~b", "refs/heads/a^b", "refs/heads/a:b", "refs/heads/a?b", "refs/heads/a*b", "refs/heads/a[b",
        "refs/heads/a\\b", "refs/heads/a@{b", "refs/heads/@{", "refs/heads/a\u{7F}b", "refs/heads/a\nb",
        "refs/heads/a\tb", "refs/heads/a\u{1}b", "refs/", "refs//", "refs/x",
    ]

    @Test(arguments: names)
    func `a name is allowed exactly when git allows it`(name: String) async throws {
        let git = try await withTemporaryDirectory { directory in
            let repository = try await ScriptedRepository.create(at: "\(directory)/r.git")
            return (try? await repository.run(["check-ref-format", name])) != nil
        }
        #expect(((try? RefName(name)) != nil) == git)
    }

    @Test(arguments: ["", "main", "-h", "heads/main", "FETCH_HEAD", "refs", "/refs/heads/a", "refs/heads/a\0b"])
    func `a name that is not full is refused`(name: String) {
        #expect(throws: SluiceError.self) { try RefName(name) }
    }

    @Test func `a name as long as no file system holds is refused`() {
        #expect(throws: SluiceError.self) { try RefName("refs/heads/" + String(repeating: "a", count: 5000)) }
    }

    @Test func `names are compared by their bytes`() throws {
        let (composed, decomposed) = (try RefName("refs/heads/\u{E9}"), try RefName("refs/heads/e\u{301}"))
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(composed.suffix(after: "refs/heads/e") == nil)
        #expect(decomposed.suffix(after: "refs/heads/e")?.utf8.elementsEqual("\u{301}".utf8) == true)
    }

    @Test func `a branch is named without its prefix`() throws {
        #expect(try RefName.branch("a/b").rawValue == "refs/heads/a/b")
        #expect(try RefName("refs/heads/a/b").branchName == "a/b")
        #expect(try RefName("refs/tags/a").branchName == nil)
    }
}

@Suite struct ObjectIDTests {
    static let hex = "0123456789abcdef0123456789abcdef01234567"

    @Test func `an id is forty digits, whatever their case`() throws {
        #expect(try ObjectID(Self.hex.uppercased()).hex == Self.hex)
        #expect(try ObjectID(Self.hex).abbreviated == "0123456789")
    }

    @Test(arguments: ["", "0123456", hex + "0", hex.dropLast() + "g", hex.dropLast() + "٣", " " + hex.dropLast()])
    func `anything else is no id`(text: String) {
        #expect(ObjectID(exactly: text) == nil)
        #expect(throws: SluiceError.self) { try ObjectID(text) }
    }
}

@Suite struct RefSpecTests {
    @Test func `a refspec joins two names or two prefixes`() throws {
        #expect(try RefSpec("refs/heads/*", to: "refs/x/*").argument == "+refs/heads/*:refs/x/*")
        #expect(try RefSpec("refs/heads/a", to: "refs/x/b", force: false).argument == "refs/heads/a:refs/x/b")
    }

    @Test(arguments: [
        ("refs/heads/*", "refs/x/y"), ("refs/heads/a", "refs/x/*"), ("*", "*"), ("refs/*/a", "refs/*/a"),
        ("-a", "refs/x/b"), ("refs/heads/a:refs/heads/b", "refs/x/b"), ("refs/heads/**", "refs/x/**"), ("", ""),
        ("refs/heads/a*", "refs/x/a*"),
    ])
    func `anything else is no refspec`(source: String, destination: String) {
        #expect(throws: SluiceError.self) { try RefSpec(source, to: destination) }
    }
}
