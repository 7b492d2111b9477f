import DesiredState
import Foundation
import Terminal
import Testing

@testable import SluiceCLI

@Suite("How answers look")
struct RenderingTests {
    @Test("A table is as wide as its cells, and what is missing is a dash")
    func table() {
        var table = Table(["NAME", "STATE"])
        table.add(["land/1", nil])
        table.add(["a", "ready", "one too many"])
        #expect(table.lines() == ["NAME    STATE", "land/1  –", "a       ready"])
        #expect(table.lines(withHeader: false).count == 2)
    }

    @Test("A branch that could not be looked at is not shown as one without drift")
    func drift() {
        func repository(_ findings: JSONValue, _ gaps: JSONValue, drifted: JSONValue = []) -> JSONValue {
            let branch: JSONValue = [
                "branch": "zone02", "upstream": "production", "ahead": 3, "behind": 0, "findings": findings,
                "gaps": gaps,
            ]
            return ["status": ["branches": [branch], "drifted": drifted]]
        }
        let finding: JSONValue = ["kind": "own-commits", "sentence": "has 1 commit of its own"]
        let blind = repository([], ["history: too long"])
        #expect(DriftView.matrix(of: blind, isWide: false).lines().last?.hasSuffix("not checked") == true)
        #expect(DriftView.sentences(on: blind) == ["zone02: not checked: history: too long"])
        #expect(!DriftView.isClean(blind) && DriftView.isClean(repository([], [])))
        #expect(!DriftView.isClean(repository([finding], [], drifted: ["zone02"])))
        let nothing: JSONValue = ["status": [:]]
        #expect(DriftView.sentences(on: nothing) == ["nobody has looked at the branches yet"])
        #expect(!DriftView.isClean(nothing))
    }

    @Test("Nothing that a stranger names a candidate reaches the terminal as a command to it")
    func escapes() {
        var table = Table(["TITLE"])
        table.add(["\u{1B}[2J\u{202E}gone\nnext\u{7}"])
        let text = table.lines().joined(separator: "|")
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F || $0.value == 0x202E })
        #expect("a\u{1B}[1mb\nc".harmless == "a [1mb\nc")
    }

    @Test(
        "Ages are short",
        arguments: [(0.4, "0s"), (119, "119s"), (120, "2m"), (7_199, "119m"), (7_200, "2h"), (200_000, "2d")])
    func age(seconds: Double, text: String) { #expect(Age.short(seconds) == text) }

    @Test("Seconds of the API are shown to a tenth, and no time is no text")
    func seconds() {
        #expect(Age.seconds(.number(1.25)) == "1.3s")
        #expect(Age.seconds(.integer(3)) == "3.0s")
        #expect(Age.seconds(.null) == nil)
        #expect(Age.since(nil, now: Date()) == nil)
    }

    @Test(
        "YAML says what the JSON says",
        arguments: [
            (["a": 1, "b": ["x", true]], "a: 1\nb:\n  - x\n  - true\n"),
            (["a": ["b": ["c": nil]]], "a:\n  b:\n    c: null\n"), (["a": [], "b": [:]], "a: []\nb: {}\n"),
            (["a": [["b": 1, "c": 2]]], "a:\n  - b: 1\n    c: 2\n"),
            (
                ["a": "yes", "b": "1", "c": "x: y", "d": "- z", "e": ""],
                "a: \"yes\"\nb: \"1\"\nc: \"x: y\"\nd: \"- z\"\ne: \"\"\n"
            ),
        ] as [(JSONValue, String)])
    func yaml(value: JSONValue, text: String) { #expect(YAMLText.of(value) == text) }

    @Test("An object that waits is explained: what for, since when, and when it is looked at next")
    func explanation() {
        let resource: JSONValue = [
            "kind": "Candidate", "metadata": ["name": "land/7"],
            "status": [
                "conditions": [
                    ["type": "Ready", "status": "False", "message": "no"],
                    [
                        "type": "Stalled", "status": "True", "message": "it does not deploy",
                        "lastTransitionTime": "2026-01-01T00:00:00Z",
                    ],
                ],
                "waitingOn": ["what": "a new revision", "since": "2026-01-01T00:00:00.000Z"], "nextLook": nil,
            ],
        ]
        let plan: JSONValue = ["tasks": []]
        let now = Date(timeIntervalSince1970: 1_767_225_600 + 300)
        let explanation = Explanation(resource: resource, plan: plan, lastRun: nil, now: now)
        #expect(!explanation.isReady)
        #expect(
            explanation.lines == [
                "candidate/land/7 is stalled: nothing is tried until its input changes, since 5m ago",
                "  because:    it does not deploy", "  waits for:  a new revision, for 5m",
                "  next look:  when something asks", "  to do now:  nothing",
            ])
    }
}
