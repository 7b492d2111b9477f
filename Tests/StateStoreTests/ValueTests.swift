import DesiredState
import Diagnostics
import Foundation
import Testing

@testable import StateStore

@Suite("Values of the store")
struct ValueTests {
    @Test(
        "A cursor reads back what it wrote and refuses everything else",
        arguments: ["", "7", "before-", "before-x", "before-0", "before--1", "before-99999999999999999999"])
    func cursor(text: String) throws {
        #expect(try HistoryCursor("before-42") == HistoryCursor(id: 42))
        #expect(HistoryCursor(id: 42).description == "before-42")
        #expect(throws: StateStoreError.invalidCursor) { try HistoryCursor(text) }
    }

    @Test("A page gives the next cursor only when there is more")
    func pages() {
        #expect(Page([5, 4, 3] as [Int64], limit: 2, id: \.self).next == HistoryCursor(id: 4))
        #expect(Page([5, 4, 3] as [Int64], limit: 2, id: \.self).elements == [5, 4])
        #expect(Page([5, 4] as [Int64], limit: 2, id: \.self).next == nil)
        #expect(PageRequest(limit: 1_000_000).limit == PageRequest.maximumLimit)
        #expect(PageRequest(limit: -1).limit == 1)
    }

    @Test("What PostgreSQL cannot hold is made fit: NUL characters and endless texts")
    func storable() {
        #expect(Storable.text("a\0b") == "a\u{FFFD}b")
        #expect(Storable.text(String(repeating: "x", count: 9_999)).count == Storable.sentence)
        #expect(Storable.json(["k\0": ["a\0"]]) == "{\"k\u{FFFD}\":[\"a\u{FFFD}\"]}")
    }

    @Test("Durations go to the database as whole microseconds, and no duration overflows a time there")
    func microseconds() {
        #expect(Duration.milliseconds(1_500).microseconds == 1_500_000)
        #expect(Duration.microseconds(7).microseconds == 7)
        #expect(Duration.seconds(Int64.max).microseconds == 100 * 366 * 86_400 * 1_000_000)
    }

    @Test("Wishes for one key are merged: earliest time, highest priority, all reasons, latest revision")
    func merging() throws {
        let key = ResourceKey(kind: "Candidate", name: "land/1")
        let merged = WorkQueue.merged([
            EnqueueRequest(key, lane: .observe, reason: "timer", delay: .seconds(9), priority: 1, superseding: "r1"),
            EnqueueRequest(key, lane: .deploy, reason: "webhook", delay: .seconds(2), priority: 5, superseding: "r2"),
            EnqueueRequest(key, lane: .deploy, reason: "webhook", delay: .seconds(3), priority: 0),
        ])
        let wish = try #require(merged.array?.first)
        #expect(merged.array?.count == 1)
        #expect(wish["delay"]?.integer == 2_000_000)
        #expect(wish["priority"]?.integer == 5)
        #expect(wish["reasons"] == ["timer", "webhook"])
        #expect(wish["revision"]?.string == "r2")
        #expect(wish["lane"]?.string == "deploy")
        #expect(wish["lifts"]?.bool == false)
        #expect(wish["tenant"]?.string == "land")
    }

    @Test("A condition keeps the time of its last change while only its words move on")
    func transitions() {
        let first = StatusReport([.init(.ready, .false, reason: "A", message: "a")])
            .applied(to: [], at: Date(timeIntervalSince1970: 100.7))
        let second = StatusReport([.init(.ready, .false, reason: "B", message: "b")])
            .applied(to: first, at: Date(timeIntervalSince1970: 200))
        let third = StatusReport([.init(.ready, .true, reason: "C", message: "c")])
            .applied(to: second, at: Date(timeIntervalSince1970: 300))
        #expect(first[.ready]?.lastTransitionTime == Date(timeIntervalSince1970: 100))
        #expect(second[.ready]?.lastTransitionTime == Date(timeIntervalSince1970: 100))
        #expect(second[.ready]?.reason == "B")
        #expect(third[.ready]?.lastTransitionTime == Date(timeIntervalSince1970: 300))
    }

    @Test("Restrictions become numbered parameters, never text of the statement")
    func conditions() {
        var conditions = Conditions()
        conditions.restrict(HistoryFilter(kind: "x' OR true --", revision: "r"))
        conditions.addTaskOfRun(target: "db", action: nil)
        #expect(
            conditions.clause
                == "WHERE run.kind = $1 AND run.revision = $2 AND run.id IN "
                + "(SELECT task.run_id FROM sluice.tasks AS task WHERE task.target = $3)")
        #expect(conditions.parameters.count == 3)
        #expect(Conditions().clause.isEmpty)
    }

    @Test("Losing a lease and being superseded are conflicts: the world moved")
    func errorKinds() {
        let key = ResourceKey(kind: "Candidate", name: "land/1")
        #expect(StateStoreError.leaseLost(key).sluiceError.kind == .conflict)
        #expect(StateStoreError.superseded(key, by: "r2").sluiceError.kind == .conflict)
        #expect(StateStoreError.invalidCursor.sluiceError.kind == .stalled)
    }
}
