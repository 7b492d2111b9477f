import Diagnostics
import GitClient
import TestSupport
import Testing

@testable import PatchSeries

@Suite("Ranges of commits")
struct RangeTests {
    typealias Step = ScriptedHistory.Step

    private static func at(_ parents: [Int], _ message: String, _ files: [(path: String, file: ScriptedFile)]) -> Step {
        var step = Step(message, files)
        step.parents = parents
        return step
    }

    private static let forced = [
        Step("Begin\n", [("a", "1\n")]),
        at([0], "Fix\n", [("a", "2\n")]), at([1], "Secret\n", [("b", "key\n")]), at([2], "Nothing\n", []),
        // The branch again, without the secret and with something new.
        at([0], "Before\n", [("c", "c\n")]), at([4], "Fix, said better\n", [("a", "2\n")]),
        at([5], "Secret again\n", [("b", "key\n")]),
    ]

    @Test("a branch that was moved by force says what is gone and what came back")
    func rewritten() async throws {
        try await withHistory(Self.forced) { _, mirror, commits in
            guard
                case .rewritten(let history) = try await mirror.speculate({
                    try $0.standing(of: commits[5], since: commits[3])
                })
            else {
                Issue.record("it was rewritten")
                return
            }
            #expect(history.base == commits[0])
            #expect(history.dropped.map(\.commit.subject) == ["Fix", "Secret", "Nothing"])
            #expect(history.dropped.map(\.equivalent) == [commits[5], nil, nil])
            #expect(history.dropped.map(\.isTrivial) == [false, false, true])
            #expect(history.new.map(\.subject) == ["Before", "Fix, said better"])
            #expect(!history.isEquivalent)
            guard
                case .rewritten(let whole) = try await mirror.speculate({
                    try $0.standing(of: commits[6], since: commits[3])
                })
            else {
                Issue.record("it was rewritten")
                return
            }
            #expect(whole.isEquivalent, "everything that is gone came back")
        }
    }

    @Test("a branch stands at its cursor, ahead of it, or has lost it")
    func standings() async throws {
        try await withHistory(Self.forced) { _, mirror, commits in
            let lost = try ObjectID(String(repeating: "1", count: 40))
            let standings = try await mirror.speculate { trial in
                try [commits[3], commits[0], lost].map { try trial.standing(of: commits[3], since: $0) }
            }
            #expect(standings == [.upToDate, .ahead(by: 3), .cursorLost])
        }
    }

    @Test("a series is checked patch by patch on the result of the former, and one that fails is left out")
    func check() async throws {
        let text = (1...9).map { "line \($0)\n" }
        var second = text
        second[4] = "five\n"
        var third = second
        third[4] = "five again\n"
        let steps = [
            Step("Begin\n", [("a", .text(text.joined()))]), Step("One\n", [("a", .text(second.joined()))]),
            Step("Two\n", [("a", .text(third.joined())), ("b", "b\n")]), Step("Three\n", [("c", "c\n")]),
            Self.at([], "Package\n", [("a", .text((["top\n"] + text).joined()))]),
            Self.at([], "Package that differs\n", [("a", .text(text.joined().replacing("line 6", with: "six")))]),
        ]
        try await withHistory(steps) { _, mirror, commits in
            let outcomes = try await mirror.speculate { trial in
                let series = try SeriesMaker(in: trial).series(
                    from: commits[0], through: commits[3], policy: .automatic)
                return try commits[4...].map { package in
                    let check = try SeriesCheck(
                        of: series.patches.map(\.patch), on: try trial.tree(of: package), in: trial)
                    return (
                        check.steps.map(\.application.status), check.steps.map(\.followsConflict), check.isApplicable,
                        try trial.entries(inTree: check.tree).map(\.path)
                    )
                }
            }
            #expect(outcomes[0].0 == [.offset, .offset, .clean])
            #expect(outcomes[0].2 && outcomes[0].3 == ["a", "b", "c"])
            #expect(outcomes[1].0 == [.conflict, .conflict, .clean])
            #expect(outcomes[1].1 == [false, true, true])
            #expect(!outcomes[1].2 && outcomes[1].3 == ["a", "c"])
        }
    }

    @Test("for all patches of a series together, so much is sought and no more")
    func budget() async throws {
        func text(_ changes: [Int: String]) -> ScriptedFile {
            .text((1...9).map { "\(changes[$0] ?? "line \($0)")\n" }.joined())
        }
        let steps = [
            Step("Begin\n", [("a", text([:])), ("b", text([:]))]), Step("One\n", [("a", text([5: "five"]))]),
            Step("Two\n", [("b", text([5: "five"]))]),
            Self.at([], "Package\n", [("a", text([6: "six"])), ("b", text([6: "six"]))]),
        ]
        try await withHistory(steps) { _, mirror, commits in
            let sought = try await mirror.speculate { trial in
                let series = try SeriesMaker(in: trial).series(
                    from: commits[0], through: commits[2], policy: .automatic)
                // Each has seven lines to compare with nine.
                let check = try SeriesCheck(
                    of: series.patches.map(\.patch), on: try trial.tree(of: commits[3]), in: trial,
                    seekingWith: SearchBudget(pairs: 70))
                let unsought = HunkOutcome.conflict(line: 2, nearest: nil, isSought: false)
                return check.steps.map { step in step.application.files.map { $0.hunks == [unsought] } }
            }
            #expect(sought == [[false], [true]])
        }
    }

    @Test("a range that is too long, or differs in too much, is refused by name")
    func limits() async throws {
        try await withHistory(Self.forced) { _, mirror, commits in
            for (limits, code): (SeriesLimits, SluiceError.Code) in [
                (SeriesLimits(commits: 2), "git.history-too-long"), (SeriesLimits(bytes: 100), "patch.too-large"),
                (SeriesLimits(difference: DiffLimits(files: 0)), "git.diff-too-large"),
                (SeriesLimits(difference: DiffLimits(bytes: 1)), "git.diff-too-large"),
            ] {
                let error = await #expect(throws: SluiceError.self) {
                    try await mirror.speculate {
                        try SeriesMaker(in: $0, limits: limits).series(
                            from: commits[0], through: commits[3], policy: .automatic
                        ).commits
                    }
                }
                #expect(error?.code == code)
            }
        }
    }
}
