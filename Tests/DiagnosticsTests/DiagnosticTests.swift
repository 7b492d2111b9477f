import Diagnostics
import Testing

@Suite struct DiagnosticTests {
    @Test("A place says as much as is known of it")
    func location() {
        #expect(SourceLocation(file: "a.yaml").description == "a.yaml")
        #expect(SourceLocation(file: "a.yaml", line: 3).description == "a.yaml:3")
        #expect(SourceLocation(file: "a.yaml", line: 3, column: 7).description == "a.yaml:3:7")
    }

    @Test("A finding is one line: place, path, what, hint")
    func rendering() {
        let place = SourceLocation(file: "a.yaml", line: 3, column: 7)
        #expect(
            Diagnostic(code: "x.y", at: place, path: "spec.name", "it is wrong", hint: "mend it").description
                == "a.yaml:3:7: spec.name: it is wrong; mend it")
        #expect(
            Diagnostic(.warning, code: "x.y", at: place, "it is odd").description == "a.yaml:3:7: warning: it is odd")
    }

    @Test("Findings thrown together become one error that is stalled and tells the first")
    func together() {
        let first = Diagnostic(
            code: "a.b", at: SourceLocation(file: "f", line: 1), path: "spec", "it is wrong", hint: "mend it")
        let second = Diagnostic(code: "c.d", at: SourceLocation(file: "f", line: 2), "this too")
        let error = SluiceError(wrapping: DiagnosticsError([first, second]))
        #expect(error.code == "a.b")
        #expect(error.kind == .stalled)
        #expect(error.description == "f:1: spec: it is wrong (and 1 more) (mend it)")
        #expect(error.detail == "f:1: spec: it is wrong; mend it\nf:2: this too")
        #expect(SluiceError(wrapping: DiagnosticsError([])).code == "input.invalid")
    }
}

@Suite struct SluiceErrorTests {
    private struct Cause: Error, CustomDebugStringConvertible {
        let debugDescription = "the cause"
    }

    @Test("What anyone may read and what operators may read are two texts")
    func renderings() {
        let error = SluiceError(
            "candidate.changeset-failed", .stalled, "the changeset failed", hint: "mend it",
            at: SourceLocation(file: "a.xml", line: 4), detail: "INSERT INTO secret_table", cause: Cause())
        #expect(error.description == "a.xml:4: the changeset failed (mend it)")
        #expect(
            error.debugDescription
                == "[candidate.changeset-failed] a.xml:4: the changeset failed (mend it)\n"
                + "  detail: INSERT INTO secret_table\n  cause: the cause")
    }

    @Test("Any error can be told: itself, converted, cancelled or unexpected")
    func wrapping() {
        let error = SluiceError("a.b", .conflict, "moved")
        #expect(SluiceError(wrapping: error).code == "a.b")
        #expect(SluiceError(wrapping: CancellationError()).code == "run.cancelled")
        let unexpected = SluiceError(wrapping: Cause())
        #expect(unexpected.code == "internal.unexpected")
        #expect(unexpected.kind == .transient)
        #expect(!unexpected.description.contains("the cause"))
    }
}

@Suite struct SuggestionTests {
    @Test(
        "A mistyped word finds the one that was meant",
        arguments: [
            ("brnch", "branch"), ("Branch", "branch"), ("barnch", "branch"), ("projct", "project"), ("brach", "branch"),
        ])
    func near(_ word: String, _ meant: String) {
        #expect(Suggestion.nearest(to: word, in: ["project", "branch", "server"]) == meant)
    }

    @Test("A word that is like none finds none", arguments: ["colour", "xy", ""])
    func far(_ word: String) {
        #expect(Suggestion.nearest(to: word, in: ["project", "branch", "server"]) == nil)
    }
}
