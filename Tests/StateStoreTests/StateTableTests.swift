import Testing

@testable import StateStore

@Suite("States and their successors")
struct StateTableTests {
    @Test("A work item that waits can only be claimed, and a quarantined one only be let wait again")
    func workItems() {
        #expect(WorkItemState.waiting.successors == [.running])
        #expect(WorkItemState.quarantined.successors == [.waiting])
        #expect(WorkItemState.idle.successors == [.waiting])
        #expect(WorkItemState.running.successors == [.idle, .waiting, .quarantined])
    }

    @Test("A run that has ended never changes again", arguments: RunStatus.allCases)
    func runs(status: RunStatus) {
        #expect(status.successors.isEmpty == (status != .running))
    }

    @Test("A task is begun once, and nothing that has ended goes on")
    func tasks() {
        #expect(TaskStatus.pending.successors == [.running, .skipped])
        #expect(TaskStatus.allCases.filter { $0.successors.contains(.running) } == [.pending])
        #expect(TaskStatus.allCases.filter { !$0.successors.isEmpty } == [.pending, .running])
    }

    @Test("Whatever a run ends as, no task of it stays pending or running, and each step is a legal one")
    func endOfRun() throws {
        for run in RunStatus.allCases where run != .running {
            for task in TaskStatus.allCases {
                guard let after = task.atEnd(of: run) else {
                    #expect(task.successors.isEmpty, "\(task) would stay open in a run that is \(run)")
                    continue
                }
                #expect(task.successors.contains(after))
            }
        }
    }

    @Test("A task under way when its worker dies is lost, one whose turn never came is skipped")
    func lostRun() {
        #expect(TaskStatus.running.atEnd(of: .lost) == .lost)
        #expect(TaskStatus.pending.atEnd(of: .lost) == .skipped)
    }
}

@Suite("Quarantine")
struct QuarantinePolicyTests {
    @Test(
        "The third death in a row is one too many; a suspect waits apart from the others",
        arguments: [
            (1, 0.5, QuarantinePolicy.Decision.retry(after: .zero)),
            (2, 0.5, .retry(after: .seconds(5))),
            (2, 7, .retry(after: .seconds(10))),
            (3, 0.5, .quarantine(for: .seconds(60))),
            (5, 0.5, .quarantine(for: .seconds(240))), (99, 0.5, .quarantine(for: .seconds(21_600))),
        ])
    func decisions(starts: Int, spread: Double, decision: QuarantinePolicy.Decision) {
        #expect(QuarantinePolicy().decide(starts: starts, spread: spread) == decision)
    }

    @Test("One death is never enough, whatever is configured")
    func floor() {
        #expect(QuarantinePolicy(deaths: 0).decide(starts: 1, spread: 0) == .retry(after: .zero))
    }
}
