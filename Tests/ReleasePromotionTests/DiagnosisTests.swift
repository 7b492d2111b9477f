import GitClient
import Testing

@testable import ReleasePromotion

@Suite("The diagnosis of a merge")
struct DiagnosisTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let diagnosis: Diagnosis
        let verdict: RehearsalVerdict

        /// Trees by letters; `t` is the target's.
        init(
            _ name: String, _ result: Character?, _ expectation: Character?, isContained: Bool = false,
            holds: Bool = true, _ verdict: RehearsalVerdict
        ) {
            testDescription = name
            func tree(_ letter: Character) -> ObjectID? {
                let digits = ["t": "1", "n": "2", "m": "3"][letter] ?? "4"
                return ObjectID(exactly: String(repeating: digits, count: 40))
            }
            guard let target = tree("t") else { preconditionFailure("forty digits are an id") }
            diagnosis = Diagnosis(
                target: target, isContained: isContained, result: result.flatMap(tree),
                expectation: expectation.flatMap(tree), resultHoldsExpectation: holds)
            self.verdict = verdict
        }
    }

    @Test(
        "Result, expectation and target decide the verdict, the first rule that applies",
        arguments: [
            Row("both the same", "n", "n", .clean),
            Row("both the same and nothing new: only the histories meet", "t", "t", .clean),
            Row("only the merge conflicts", nil, "n", .unsyncedRevert),
            Row("both conflict", nil, nil, .driftConflict),
            Row("only the change conflicts", "n", nil, .lostToDrift),
            Row("the merge keeps the target, the change would not", "t", "n", .silentLoss),
            Row("the merge lacks a part of the change", "m", "n", holds: false, .silentLoss),
            Row("the merge brings more than the change", "m", "n", .stowaway),
            Row("the target has the source", "t", "t", isContained: true, .nothingToDo),
            Row("the target has the source, whatever else", nil, nil, isContained: true, .nothingToDo),
        ])
    func table(_ row: Row) { #expect(row.diagnosis.verdict == row.verdict) }

    @Test("What is lost without anybody seeing it cannot be accepted, and every verdict that stops has a cure")
    func words() {
        for verdict in RehearsalVerdict.allCases {
            #expect(verdict.isGo == (verdict.cure == nil))
            #expect(!(verdict.isGo && verdict.isAcceptable))
        }
        #expect(!RehearsalVerdict.silentLoss.isAcceptable)
        #expect(!RehearsalVerdict.unsyncedRevert.isAcceptable)
    }
}
