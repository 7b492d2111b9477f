import Diagnostics
import Testing

@Suite("Text by bytes")
struct ExactTextTests {
    /// A combining mark behind, and a mark that takes the next letter to itself before.
    private static let marks = (behind: "\u{301}", before: "\u{0D4E}")

    @Test("what marks make part of another character is found, replaced, split at and quoted all the same")
    func marked() {
        let (behind, before) = (Self.marks.behind, Self.marks.before)
        let text = "\(before)\"\(behind),\"\(behind)"
        #expect(text.replacingAll("\"", with: "''").utf8.elementsEqual("\(before)''\(behind),''\(behind)".utf8))
        #expect(text.replacingFirst("\"", with: "''").utf8.elementsEqual("\(before)''\(behind),\"\(behind)".utf8))
        #expect("\"\(behind)".quoted(by: "\"").utf8.elementsEqual("\"\"\"\(behind)\"".utf8))
        #expect("\(before)'".quoted(by: "'").utf8.elementsEqual("'\(before)'''".utf8))
        #expect("/\(behind)".begins(with: "/") && "\(before)/".ends(with: "/"))
        #expect("a..\(behind)/".holds("..") && !"a.\(behind)./".holds(".."))
        #expect("a/..\(before)/\(behind)x".parts(at: "/").map(String.init) == ["a", "..\(before)", "\(behind)x"])
        #expect("a::\(behind)b:c".parts(between: "::").map(String.init) == ["a", "\(behind)b:c"])
        #expect("refs/heads/\(behind)x".rest(after: "refs/heads/").map(String.init) == "\(behind)x")
        #expect("x\(before).git".rest(before: ".git").map(String.init) == "x\(before)")
    }

    @Test("a line feed is found behind a carriage return")
    func carriageReturns() {
        #expect("a\r\nb".parts(at: "\n").map(String.init) == ["a\r", "b"])
        #expect("a\r\nb".replacingAll("\n", with: " ") == "a\r b")
        #expect("a\r\n".ends(with: "\n") && "a\r\nb".holds("\n"))
    }

    @Test("letters that look the same are not the same")
    func equivalents() {
        #expect(!"\u{E9}".begins(with: "e\u{301}") && !"\u{212A}".holds("K"))
    }

    @Test("texts at the ends, and empty ones, are what they are")
    func ends() {
        #expect("".parts(at: "/").map(String.init) == [""] && "".words(at: "/").isEmpty)
        #expect("/a//b/".parts(at: "/").map(String.init) == ["", "a", "", "b", ""])
        #expect("/a//b/".words(at: "/").map(String.init) == ["a", "b"])
        #expect("a=b=c".parts(at: "=", maxSplits: 1).map(String.init) == ["a", "b=c"])
        #expect("aXXb".parts(between: "XX").map(String.init) == ["a", "b"])
        #expect("XXa".parts(between: "XX").map(String.init) == ["", "a"])
        #expect("abc".holds("") && !"".holds("a") && "abc".holds("bc") && !"ab".holds("abc"))
        #expect("aab".exactRange(of: "ab").map { "aab"[$0] } == "ab")
        #expect("aaa".replacingAll("aa", with: "b") == "ba" && "abc".replacingAll("", with: "x") == "abc")
        #expect("abc".rest(after: "abc") == "" && "abc".rest(after: "b") == nil && "abc".rest(before: "b") == nil)
    }
}
