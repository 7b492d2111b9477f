import Diagnostics
import Puppetfile
import Testing

@Suite("How a Puppetfile is read")
struct SyntaxTests {
    @Test(
        "Ruby's ways of writing literals mean what they mean to Ruby",
        arguments: [
            "mod 'a/b',\n'1.0.0'", "mod'a/b','1.0.0'", "mod 'a/b' \\\n, '1.0.0'", "mod \"a/b\", '1.0.0';",
            ";mod 'a/b', '1.0.0'\n;\n;;", "mod('a/b',\n\n# why\n'1.0.0')", "mod(\n'a/b', '1.0.0'\n)",
            "\u{FEFF}mod 'a/b', '1.0.0'\r\n", "\u{0C}\tmod 'a/b', '1.0.0'\t\u{0B}",
            "mod 'a/b', # why\n  # because\n\n  '1.0.0' # so", "# 中文\nmod 'a/b', '1.0.0'",
            "=begin x\nmod 'c'\n=end y\nmod 'a/b', '1.0.0'", "mod 'a/b',\n=begin\nx\n=end\n'1.0.0'",
            "mod 'a/b', '1.0.0'\n__END__\nsystem('x')", "mod 'a/b', '1.0.0'\r\n__END__\r\nfoo(",
            "mod 'a/b', type: 'forge',version:'1.0.0'", "mod 'a/b', 'type': 'forge', \"version\": '1.0.0'",
            "mod 'a/b', :type=>'forge', :'version' => '1.0.0'", "mod 'a/b', :type =>\n'forge', version:\n '1.0.0'",
            "mod('a/b',\n type: 'forge',\n version: '1.0.0',\n)", "mod 'a/b', {\n type: 'forge', version: '1.0.0'\n}",
            "forge 'https://x'\nforge('y')\nmod 'a/b', '1.0.0'",
        ])
    func accepted(_ text: String) {
        let reading = read(text, .refuse)
        #expect(reading.findings == [])
        #expect(reading.pins == ["b@1.0.0"])
    }

    @Test(
        "A mistake is told by its code, line and column",
        arguments: [
            ("mod 'a/b',\n", "trailing-comma", "1:10"), ("mod 'a/b',\nmod 'c/d', '1.0.0'", "trailing-comma", "1:10"),
            ("mod 'a'\n  :git => 'u'", "missing-comma", "1:8"), ("mod 'a' :git => 'u'", "missing-comma", "1:8"),
            ("mod 'a', git: 'u' tag: '1'", "missing-comma", "1:18"), ("mod 'a/b' '1.0.0'", "missing-comma", "1:10"),
            ("mod 'a/b\nforge 'x'", "unclosed-text", "1:5"), ("mod \"a/b', '1.0.0'", "unclosed-text", "1:5"),
            ("mod 'a', :git\n => 'u'", "syntax", "2:2"), ("mod 'a/b'\n, '1.0.0'", "syntax", "2:1"),
            ("mod ('a/b', '1.0.0')", "syntax", "1:5"), ("mod('a/b'\n,'1.0.0')", "syntax", "2:1"),
            ("mod 'a', git: 'u', 'x'", "syntax", "1:20"), ("mod 'a',, 'x'", "syntax", "1:9"),
            ("mod 'a', git: 'u', tag: '1'}", "syntax", "1:28"), ("mod('a'", "syntax", "1:8"),
            ("mod 'a', {git: 'u'", "syntax", "1:19"),
            ("metadata", "unknown-declaration", "1:1"), ("modd 'a/b'", "unknown-declaration", "1:1"),
            ("mod 'a', git :'u'", "not-literal", "1:10"), (" =begin\n", "not-literal", "1:2"),
            ("=begin\nx", "not-literal", "1:1"), ("mod 'a/b', ['1.0.0']", "not-literal", "1:12"),
            ("mod 'a/b', ('1.0.0')", "not-literal", "1:12"), ("mod \"#{name}\"", "not-literal", "1:5"),
            ("mod \"#@name\"", "not-literal", "1:5"), ("mod \"a\\x2fb\"", "not-literal", "1:5"),
            ("mod 'a/b', VERSION", "not-literal", "1:12"), ("mod 'a/b', latest", "not-literal", "1:12"),
            ("mod 'a/b', '1.0.0' if x", "not-literal", "1:20"), ("x = 1", "not-literal", "1:1"),
            ("`reboot`", "not-literal", "1:1"), ("require 'x'", "not-literal", "1:1"),
            ("moduledir File.join('a')", "not-literal", "1:11"), ("mod %q(a/b)", "not-literal", "1:5"),
            ("<<<<<<< HEAD\n=======\n>>>>>>> uat\n", "conflict-marker", "1:1"),
            ("mod 'a/b', '1.0.0'\u{0}x", "encoding", "1:19"), ("# ü\u{1A}", "encoding", "1:4"),
        ])
    func mistakes(_ text: String, _ code: String, _ place: String) {
        let reading = read(text)
        #expect(reading.codes == [code], "\(reading.findings)")
        #expect(reading.places == [place], "\(reading.findings)")
        #expect(!reading.isAccepted)
    }

    @Test(
        "A declaration that no tool could follow is refused, and what is merely odd is warned about",
        arguments: [
            ("mod", ["wrong-arguments"]), ("mod :a, '1.0.0'", ["wrong-arguments"]),
            ("mod git: 'u'", ["wrong-arguments"]), ("mod 'a/b', '1.0.0', git: 'u'", ["wrong-arguments"]),
            ("forge", ["wrong-arguments"]), ("forge 'x', 'y'", ["wrong-arguments"]),
            ("moduledir nil", ["wrong-arguments"]),
            ("exclusion 'a'", ["(without-effect)"]), ("mod 'a.b', local: true", ["invalid-name"]),
            ("mod 'a-b-c', local: true", ["invalid-name"]), ("mod '', local: true", ["invalid-name"]),
            ("mod 'é', local: true", ["invalid-name"]), ("mod 'a', '1.0.0'", ["owner-missing"]),
            ("mod 'a', type: 'forge', version: '1.0.0'", ["owner-missing"]), ("mod 'a/b', 8.5", ["invalid-version"]),
            ("mod 'a/b', true", ["invalid-version"]), ("mod 'a/b', version: '1.0.0'", ["source-missing"]),
            ("mod 'a', {}", ["source-missing"]), ("mod 'a', local: false", ["source-missing"]),
            ("mod 'a', type: 'hg', source: 'u'", ["source-missing"]), ("mod 'a', type: 'git'", ["source-missing"]),
            ("mod 'a', 'git' => 'u'", ["text-key"]), ("mod 'a', git: 'u', git: 'v'", ["duplicate-key"]),
            ("mod 'a', git: 'u', tag: '1', brunch: 'b'", ["(unknown-key)"]),
            ("mod 'a', git: 'u', tag: '1', link: 'true'", ["(unknown-key)"]),
            ("mod 'a', type: 'tarball', source: 'u', foo: 1", ["(moving-pin)", "unknown-key"]),
            ("mod 'a', git: 'u', tag: '1', branch: 'b'", ["conflicting-keys"]),
            ("mod 'a', git: 'u', source: 'v', tag: '1'", ["conflicting-keys"]),
            ("mod 'a', git: 'u'", ["no-reference"]), ("mod 'a', git: 'u', commit: 'abc1234'", ["invalid-commit"]),
            ("mod 'a', git: 'u', tag: '--upload-pack=x'", ["invalid-reference"]),
            ("mod 'a', git: 'u', ref: 'HEAD~1'", ["invalid-reference"]),
            ("mod 'a', git: 'u', tag: 1.0", ["invalid-value"]), ("mod 'a', git: '', tag: '1'", ["invalid-value"]),
            ("mod 'a', git: 'u', tag: '1', exclude_spec: 'no'", ["invalid-value"]),
            ("mod 'a', svn: 'u', username: 'me'", ["invalid-value"]),
            ("mod 'a', svn: 'u', rev: 012", ["invalid-value"]),
            ("mod 'a', type: 'tarball', source: 'u', version: 'abc'", ["invalid-value"]),
            ("mod 'a', git: 'u', tag: '1', install_path: '/etc'", ["path-outside"]),
            ("mod 'a', git: 'u', tag: '1', install_path: 'x/../../y'", ["path-outside"]),
            ("mod 'a', svn: 'u', rev: 1, username: 'me', password: 'it'", ["(secret)"]),
            ("mod 'a', git: 'https://me:it@host/u', tag: '1'", ["(secret)"]),
            ("mod 'a', git: 'ssh://git@host:22/u', tag: '1'", []), ("mod 'a', git: 'git@host:u', tag: '1'", []),
            ("mod 'a/ntp', '1.0.0'\nmod 'b/ntp', '1.0.0'", ["duplicate-module"]),
        ])
    func declarations(_ text: String, _ codes: [String]) {
        #expect(read(text, .warn).codes == codes)
    }

    @Test("Every mistake of a file is found, each once, and the rest of it is read")
    func severalMistakes() {
        let reading = read(
            """
            mod 'a/one', '1.0.0'
            if ENV['X']
              mod 'a/two', 'latest'
            end
            mod 'a/three',
            mod 'a/four', '1.0.0'
            mod 'a/four', '1.0.1'
            """)
        #expect(reading.codes == ["not-literal", "invalid-version", "trailing-comma", "duplicate-module"])
        #expect(reading.places == ["2:1", "3:16", "5:14", "7:1"])
        #expect(reading.pins == ["one@1.0.0", "four@1.0.0", "four@1.0.1"])
    }

    @Test("A conflict that was committed is one finding, and its two sides are not compared")
    func conflict() {
        let reading = read(
            "<<<<<<< HEAD\nmod 'a/b', '1.0.0'\n||||||| base\n=======\nmod 'a/b', '1.0.1'\n>>>>>>> uat\nmod 'c/d', '1.0.0'\n"
        )
        #expect(reading.codes == ["conflict-marker"])
        #expect(reading.puppetfile.modules.map(\.name) == ["b", "b", "d"])
    }

    @Test("A finding says where it is, what is wrong and what to do, in one line")
    func wording() {
        #expect(
            read("\nmod 'a',\n  git: 'u',\n  brunch: 'x', tag: '1'").findings.map(\.description) == [
                "Puppetfile:4:3: warning: a module of kind git has no key brunch:; did you mean branch:?"
            ])
        #expect(
            read("mod 'a/b', 'latest'").findings.map(\.description) == [
                "Puppetfile:1:12: the text 'latest' is no version of the Forge; write :latest without quotes, or "
                    + "better a version"
            ])
    }

}
