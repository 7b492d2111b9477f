import DesiredState
import Testing

@Suite struct HostileYAMLTests {
    /// Nine levels of nine aliases: four hundred million texts.
    private static let laughs: String = {
        var text = "l0: &l0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*l\(level - 1)", count: 9).joined(separator: ", ")
            text += "l\(level): &l\(level) [\(aliases)]\n"
        }
        return text
    }()

    @Test("A bomb of aliases is refused before it goes off, as a value and as a key")
    func aliasBomb() {
        let refusal = [
            "a.yaml: the file could grow too large through its aliases; use fewer anchors (&) and aliases (*)"
        ]
        #expect(findings(in: Self.laughs) == refusal)
        #expect(findings(in: Self.laughs + "? *l9\n: boom\n") == refusal)
    }

    @Test("A few anchors and aliases are no bomb, and stand for what they name")
    func honestAliases() {
        let text =
            Sample.forge.replacing("local, local:", with: "&t local, local:") + """
                ---
                apiVersion: sluice.dev/v1alpha1
                kind: Forge
                metadata: {name: other, labels: &l {team: a}, annotations: *l}
                spec: {type: local, local: {path: /srv/other}}
                """
        #expect(findings(in: text) == [])
    }

    @Test("Nodes are counted with their aliases expanded")
    func nodes() {
        let text = "a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\nb: [*a, *a, *a]\n"
        #expect(!findings(in: text, limits: ReadingLimits(nodes: 45)).contains { $0.contains("nodes") })
        #expect(
            findings(in: text, limits: ReadingLimits(nodes: 30)) == [
                "a.yaml:1:23: the file has more than 30 nodes, its aliases expanded"
            ])
    }

    @Test(
        "Nesting without end is refused, however it is written",
        arguments: [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("[? ", ": 1]")])
    func depth(_ open: String, _ close: String) {
        for count in [150, 100_000] {
            let text = String(repeating: open, count: count) + "x" + String(repeating: close, count: count)
            let found = findings(in: text)
            #expect(found.count == 1)
            #expect(found.first?.contains("nested") == true, "\(found)")
        }
    }

    @Test("A file over the limit is refused by its size, and one scalar may fill a file")
    func size() {
        let scalar = String(repeating: "x", count: 5 << 20)
        #expect(
            findings(in: "a: \(scalar)") == ["a.yaml: the file has 5242883 bytes, more than the 4194304 allowed"])
        let long = String(repeating: "x", count: 4_000_000)
        let found = findings(in: Sample.forge.replacing("/srv/git", with: "/\(long)"))
        #expect(found.count == 1)
        #expect(found.allSatisfy { $0.count < 300 }, "a message repeats no more than the start of a value")
    }

    @Test("Bytes that are no text are told with their place")
    func bytes() {
        #expect(findings(in: "a: 1\nb: \0\n") == ["a.yaml:2:4: the control character U+0 is not allowed"])
        #expect(findings(in: "a: \u{1B}[31m") == ["a.yaml:1:4: the control character U+1B is not allowed"])
        let invalid = Array("a: ä\nb: ".utf8) + [0xFF, 0x0A]
        #expect(findings(in: invalid) == ["a.yaml:2:4: the file is not UTF-8; save it in the encoding UTF-8"])
        let utf16: [UInt8] = [0xFF, 0xFE, 0x61, 0x00, 0x3A, 0x00]
        #expect(findings(in: utf16) == ["a.yaml:1:1: the file is not UTF-8; save it in the encoding UTF-8"])
    }

    @Test("A byte order mark, carriage returns and empty documents do no harm")
    func harmless() {
        #expect(findings(in: "\u{FEFF}" + Sample.forge) == [])
        #expect(findings(in: Sample.forge.replacing("\n", with: "\r\n")) == [])
        #expect(findings(in: "# nothing\n---\n---\n\(Sample.forge)---\n# end\n") == [])
        #expect(findings(in: "") == [])
    }

    @Test(
        "Tags, merge keys and keys that are no text are refused",
        arguments: [
            ("a: !!python/object:os.system x", "a.yaml:1:4: the tag \"tag:yaml.org,2002:python/object:os.syste…\""),
            ("a: !!int x", "a.yaml:1:4: the tag \"tag:yaml.org,2002:int\" is not read; leave it out"),
            ("a: !custom {b: 1}", "a.yaml:1:4: the tag \"!custom\" is not read; leave it out"),
            ("<<: {a: 1}", "a.yaml:1:1: merge keys (<<) are not part of YAML 1.2 and are not read"),
            ("[a, b]: c", "a.yaml:1:1: a key must be a text, found a list"),
            ("{a: b}: c", "a.yaml:1:1: a key must be a text, found a mapping"),
        ])
    func constructs(_ text: String, _ start: String) {
        let found = findings(in: text)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(start) == true, "\(found)")
    }

    @Test(
        "What is no YAML is told with its line",
        arguments: [
            ("a: [1, 2\nb: 3\n", "a.yaml:2:"),
            ("a:\n\t- 1\n", "a.yaml:2:"),
            ("a: b: c\n", "a.yaml:1:5: mapping values are not allowed in this context; a text with \": \" in it"),
            ("a: *nope\n", "a.yaml:1:4: found undefined alias"),
            ("a: 'x\n", "a.yaml:2:1: found unexpected end of stream (while scanning a quoted scalar at 1:4)"),
            ("a: &a [*a]\n", "a.yaml:1:8: found undefined alias"),
            ("%YAML 3.0\n---\na: 1\n", "a.yaml:1:1: found incompatible YAML document"),
        ])
    func syntax(_ text: String, _ start: String) {
        let found = findings(in: text)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(start) == true, "\(found)")
    }

    @Test(
        "A key that stands twice is told on its second line, as deep as it is",
        arguments: [
            ("a: 1\nb: 2\n\n# a: 5\na: 3\n", "a.yaml:5:1: the key \"a\" stands twice, first on line 1"),
            ("m:\n  a:\n    a: 1\n  b: 2\n  \"a\": 3\n", "a.yaml:5:3: the key \"a\" stands twice, first on line 2"),
            ("l:\n- a: 1\n- a: 1\n  b: 2\n  b: 3\n", "a.yaml:5:3: the key \"b\" stands twice, first on line 4"),
            ("x: {a: 1, b: 2, a: 3}\n", "a.yaml:1:5: the key \"a\" stands twice; keep one of them"),
            ("1: a\n\"1\": b\n", "a.yaml:2:1: the key \"1\" stands twice, first on line 1"),
        ])
    func duplicates(_ text: String, _ start: String) {
        let found = findings(in: text)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(start) == true, "\(found)")
    }
}
