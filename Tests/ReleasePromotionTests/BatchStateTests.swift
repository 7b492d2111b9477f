import Testing

@testable import ReleasePromotion

@Suite("The states of a step")
struct BatchStateTests {
    @Test("A step moves from state to state as the table says, and nothing else moves it")
    func table() {
        let allowed: [(BatchState, BatchEvent, Bool, BatchState)] = [
            (.waiting, .releaseAsked, false, .releasing), (.failed, .releaseAsked, false, .releasing),
            (.failed, .releaseAsked, true, .releasing), (.waiting, .releaseAsked, true, .releasing),
            (.releasing, .allMerged, true, .succeeded), (.releasing, .allMerged, false, .succeeded),
            (.releasing, .mergeFailed, true, .failed), (.releasing, .mergeFailed, false, .failed),
            (.releasing, .rollbackAsked, true, .rollingBack), (.failed, .rollbackAsked, true, .rollingBack),
            (.succeeded, .rollbackAsked, true, .rollingBack), (.rollbackFailed, .rollbackAsked, true, .rollingBack),
            (.rollbackFailed, .rollbackAsked, false, .rollingBack), (.rollingBack, .allReverted, true, .rolledBack),
            (.rollingBack, .allReverted, false, .rolledBack), (.rollingBack, .revertFailed, true, .rollbackFailed),
            (.rollingBack, .revertFailed, false, .rollbackFailed),
        ]
        for state in BatchState.allCases {
            for event in BatchEvent.allCases {
                for hasMerges in [true, false] {
                    let expected = allowed.first { $0.0 == state && $0.1 == event && $0.2 == hasMerges }?.3
                    #expect(state.after(event, hasMerges: hasMerges) == expected, "\(state) \(event) \(hasMerges)")
                }
            }
        }
    }

    @Test("What was never merged is never called rolled back")
    func neverMerged() {
        #expect(BatchState.failed.after(.rollbackAsked, hasMerges: false) == nil)
        #expect(BatchState([.failed, .waiting], isAsked: false, isTakenBack: true) == .failed)
        #expect(BatchState([.waiting], isAsked: false, isTakenBack: true) == .waiting)
    }

    @Test(
        "Where a step stands follows from its branches",
        arguments: [
            ([TargetResult.waiting, .waiting], false, false, BatchState.waiting),
            ([.merged, .waiting], false, false, .releasing), ([.waiting], true, false, .releasing),
            ([.merged, .failed], false, false, .failed), ([.merged, .present], false, false, .succeeded),
            ([.merged, .reverted], false, true, .rollingBack), ([.reverted, .empty], false, true, .rolledBack),
            ([.reverted, .conflict], false, true, .rollbackFailed),
            ([.noTarget, .merged], false, true, .rollbackFailed),
            ([.merged, .merged], false, true, .rollingBack), ([.present, .waiting], false, true, .rollingBack),
            ([.reverted, .waiting], false, true, .rolledBack),
        ])
    func fold(_ results: [TargetResult], _ isAsked: Bool, _ isTakenBack: Bool, _ state: BatchState) {
        #expect(BatchState(results, isAsked: isAsked, isTakenBack: isTakenBack) == state)
    }

    @Test(
        "A rollback that failed says whether all of it did",
        arguments: [
            ([TargetResult.reverted, .conflict], RollbackFailure.partial), ([.empty, .noTarget], .partial),
            ([.conflict, .conflict], .total), ([.reverted, .empty], nil),
        ])
    func failure(_ results: [TargetResult], _ failure: RollbackFailure?) {
        #expect(RollbackFailure(results) == failure)
    }

    @Test("The numbers on the wire are those that clients know")
    func numbers() {
        #expect(BatchState.allCases.map(\.rawValue) == Array(0...6))
        #expect(BatchState.succeeded.rawValue == 3)
    }
}
