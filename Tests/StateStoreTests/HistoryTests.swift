import DesiredState
import Foundation
import PostgresClient
import StateStore
import StateStoreSupport
import Testing

@Suite("Runs and tasks")
struct HistoryTests {
    @Test("The whole plan is on record, pending and in order, before the first task is begun")
    func planFirst() async throws {
        try await withStore { store in
            let lease = try await store.lease()
            let plan = (0..<30).map { PlannedTask("step-\($0)", target: "db", details: ["number": .integer($0)]) }
            let run = try await store.history.begin(NewRun(tasks: plan, revision: "r1", generation: 4), under: lease)
            let tasks = try await store.history.tasks(ofRun: run.id)
            #expect(tasks.map(\.planned) == plan)
            #expect(tasks.map(\.id) == run.tasks.map(\.id))
            #expect(tasks.allSatisfy { $0.status == .pending && $0.startedAt == nil && $0.attempt == 1 })
            let recorded = try #require(await store.history.run(run.id))
            #expect(recorded.status == .running && recorded.revision == "r1" && recorded.generation == 4)
            #expect(recorded.pass == lease.pass && recorded.reasons == ["test"] && recorded.worker == "one")
        }
    }

    @Test("A task keeps when it began and ended, what came of it, and why it failed")
    func ends() async throws {
        try await withStore { store in
            let lease = try await store.lease()
            let run = try await store.history.begin(
                NewRun(tasks: (0..<4).map { PlannedTask("t\($0)", target: "db") }), under: lease)
            let error = RecordedError(code: "a.b", message: "safe", detail: "secret host")
            let ends: [TaskEnd] = [.succeeded(summary: ["n": 1]), .skipped(because: "there already"), .failed(error)]
            for (task, end) in zip(run.tasks, ends) {
                try await store.history.start(task, of: run)
                try await store.history.finish(task, of: run, end)
            }
            try await store.history.finish(run, .failed(error))
            let tasks = try await store.history.tasks(ofRun: run.id)
            #expect(tasks.map(\.status) == [.succeeded, .skipped, .failed, .skipped])
            #expect(tasks[0].summary == ["n": 1])
            #expect(tasks[1].error?.message == "there already")
            #expect(tasks[2].error == error)
            #expect(tasks.prefix(3).allSatisfy { ($0.seconds ?? -1) >= 0 })
            #expect(try await store.history.run(run.id)?.error == error)
        }
    }

    @Test("What was planned first and ends last is known to be open, and found when it has ended")
    func overtaken() async throws {
        try await withStore { store in
            let plan = NewRun(tasks: [PlannedTask("report", target: "db")], revision: "r1")
            let slow = try await store.history.begin(plan, under: try await store.lease(on: candidate("1")))
            let quick = try await store.history.begin(plan, under: try await store.lease(on: candidate("2")))
            func finish(_ run: OpenRun) async throws {
                try await store.history.start(run.tasks[0], of: run)
                try await store.history.finish(run.tasks[0], of: run, .succeeded(summary: [:]))
            }
            func found() async throws -> [Int64] {
                try await store.history.completions(of: "report", by: "one", after: 0).map(\.task)
            }
            try await finish(quick)
            #expect(try await store.history.oldestOpen("report", by: "one", after: 0) == slow.tasks[0].id)
            #expect(try await found() == [quick.tasks[0].id])
            try await finish(slow)
            #expect(try await store.history.oldestOpen("report", by: "one", after: 0) == nil)
            #expect(try await found() == [slow.tasks[0].id, quick.tasks[0].id])
        }
    }

    @Test("A task is not begun twice, not ended without being begun, and a run not ended twice")
    func illegal() async throws {
        try await withStore { store in
            let lease = try await store.lease()
            let run = try await store.history.begin(NewRun(tasks: [PlannedTask("t", target: "db")]), under: lease)
            let task = run.tasks[0]
            await #expect(throws: StateStoreError.illegalTransition("task \(task.id) cannot become succeeded")) {
                try await store.history.finish(task, of: run, .succeeded(summary: [:]))
            }
            try await store.history.start(task, of: run)
            await #expect(throws: StateStoreError.illegalTransition("task \(task.id) cannot become running")) {
                try await store.history.start(task, of: run)
            }
            try await store.history.finish(run, .cancelled(RecordedError(code: "c", message: "m", detail: nil)))
            #expect(try await store.history.tasks(ofRun: run.id).map(\.status) == [.cancelled])
            await #expect(throws: StateStoreError.illegalTransition("run \(run.id) has ended already")) {
                try await store.history.finish(run, .succeeded(summary: [:]))
            }
        }
    }

    @Test("Runs and tasks are found by object, status, target, action, revision and time, newest first")
    func filters() async throws {
        try await withStore { store in
            let failure = RecordedError(code: "x.y", message: "no", detail: nil)
            for number in 1...6 {
                let lease = try await store.lease(on: candidate("\(number % 2)"))
                let run = try await store.history.begin(
                    NewRun(
                        tasks: [
                            PlannedTask("clone", target: "db\(number)"), PlannedTask("report", target: "forge"),
                        ], revision: "r\(number)"), under: lease)
                try await store.history.finish(run, number == 4 ? .failed(failure) : .succeeded(summary: [:]))
                try await store.queue.end(lease, PassEnd())
            }
            let history = store.history
            func revisions(_ filter: HistoryFilter, _ statuses: Set<RunStatus> = []) async throws -> [String] {
                try await history.runs(filter, statuses: statuses).elements.compactMap(\.revision)
            }
            let start = try #require(await history.runs(HistoryFilter(revision: "r3")).elements.first).startedAt
            #expect(try await revisions(HistoryFilter(kind: "Candidate", name: "land/1")) == ["r5", "r3", "r1"])
            #expect(try await revisions(HistoryFilter(kind: "Release")) == [])
            #expect(try await revisions(HistoryFilter(), [.failed, .lost]) == ["r4"])
            #expect(try await revisions(HistoryFilter(target: "db2")) == ["r2"])
            #expect(try await revisions(HistoryFilter(target: "db2", action: "report")) == [])
            #expect(try await revisions(HistoryFilter(since: start)) == ["r6", "r5", "r4", "r3"])
            #expect(try await revisions(HistoryFilter(until: start)) == ["r2", "r1"])
            let tasks = try await history.tasks(HistoryFilter(name: "land/0", target: "forge"), statuses: [.skipped])
            #expect(tasks.elements.map(\.revision) == ["r6", "r4", "r2"])
            #expect(try await history.tasks(HistoryFilter(revision: "r1", action: "clone")).elements.count == 1)
        }
    }

    @Test("Pages follow each other without gap or repeat, also while runs are added")
    func paging() async throws {
        try await withStore { store in
            let lease = try await store.lease()
            for number in 0..<7 {
                let run = try await store.history.begin(NewRun(tasks: [], revision: "r\(number)"), under: lease)
                try await store.history.finish(run, .succeeded(summary: [:]))
            }
            let first = try await store.history.runs(page: PageRequest(limit: 3))
            _ = try await store.history.begin(NewRun(tasks: [], revision: "new"), under: lease)
            let second = try await store.history.runs(page: PageRequest(limit: 3, after: first.next))
            let third = try await store.history.runs(page: PageRequest(limit: 3, after: second.next))
            #expect(
                (first.elements + second.elements + third.elements).compactMap(\.revision)
                    == (0..<7).reversed().map { "r\($0)" })
            #expect(third.next == nil)
        }
    }

    @Test("Old runs are forgotten, but never the newest, the last success or the last failure of an object")
    func retention() async throws {
        try await withStore { store in
            try await store.resources.store([DesiredResource(candidate("1"), spec: [:])])
            let lease = try await store.lease()
            let failure = RecordedError(code: "x.y", message: "no", detail: nil)
            for number in 0..<6 {
                let run = try await store.history.begin(
                    NewRun(tasks: [PlannedTask("t", target: "db")], revision: "r\(number)"), under: lease)
                try await store.history.finish(run, number == 1 ? .failed(failure) : .succeeded(summary: [:]))
            }
            #expect(try await store.history.forget(RetentionPolicy(age: .seconds(3_600), newest: 1)) == 0)
            let policy = RetentionPolicy(age: .seconds(-1), newest: 2)
            let found = try await store.history.forgettable(policy)
            #expect(found.runs == 3 && found.tasks == 3)
            #expect(found.oldest.map { oldest in found.newest.map { oldest <= $0 } ?? false } == true)
            #expect(try await store.history.runs().elements.count == 6)
            #expect(try await store.history.forget(policy) == 3)
            #expect(try await store.history.runs().elements.compactMap(\.revision) == ["r5", "r4", "r1"])
            #expect(try await store.history.tasks().elements.count == 3)
        }
    }

    @Test("The last success and the last failure of each target are kept, however old they are")
    func retentionOfTargets() async throws {
        try await withStore { store in
            try await store.resources.store([DesiredResource(candidate("1"), spec: [:])])
            let lease = try await store.lease()
            let failure = RecordedError(code: "x.y", message: "no", detail: nil)
            // Only the first run did anything to the old database, only the second failed on the forge.
            let targets = [["old", "db"], ["db", "forge"], ["db", "forge"], ["db"], ["db"], ["db"]]
            for (number, names) in targets.enumerated() {
                let run = try await store.history.begin(
                    NewRun(tasks: names.map { PlannedTask("t", target: $0) }, revision: "r\(number)"), under: lease)
                for (task, name) in zip(run.tasks, names) {
                    try await store.history.start(task, of: run)
                    try await store.history.finish(
                        task, of: run, number == 1 && name == "forge" ? .failed(failure) : .succeeded(summary: [:]))
                }
                try await store.history.finish(run, .succeeded(summary: [:]))
            }
            #expect(try await store.history.forget(RetentionPolicy(age: .seconds(-1), newest: 1)) == 2)
            #expect(try await store.history.runs().elements.compactMap(\.revision) == ["r5", "r2", "r1", "r0"])
            // Of an object that is gone only what is the latest of a target stays.
            try await store.resources.remove(candidate("1"))
            let empty = try await store.history.begin(NewRun(tasks: [], revision: "r6"), under: lease)
            try await store.history.finish(empty, .succeeded(summary: [:]))
            #expect(try await store.history.forget(RetentionPolicy(age: .seconds(-1), newest: 20)) == 1)
            #expect(try await store.history.runs().elements.compactMap(\.revision) == ["r5", "r2", "r1", "r0"])
        }
    }

    @Test(
        "A run keeps what it carried out, also when desired state goes on; definitions go with the last run of theirs")
    func definitions() async throws {
        try await withStore { store in
            let (registry, key) = (ResourceKey(kind: "Registry", name: "land"), candidate("1"))
            func desire(_ value: Int) async throws {
                try await store.resources.store([DesiredResource(registry, spec: ["limit": .integer(value)])])
                try await store.resources.store([DesiredResource(key, spec: [:], owner: registry)])
            }
            let lease = try await store.lease(on: key)
            var ids: [Int64] = []
            for value in [1, 1, 2] {
                try await desire(value)
                let run = try await store.history.begin(NewRun(tasks: []), under: lease)
                try await store.history.finish(run, .succeeded(summary: [:]))
                ids.append(run.id)
            }
            func limits() async throws -> [Int?] {
                var limits: [Int?] = []
                for id in ids {
                    limits.append(try await store.history.definition(ofRun: id)?["owner"]?["spec"]?["limit"]?.integer)
                }
                return limits
            }
            #expect(try await limits() == [1, 1, 2])
            func count() async throws -> Int {
                try await store.pool.query("SELECT count(*) FROM sluice.definitions", []).single().int(0)
            }
            #expect(try await count() == 2)
            #expect(try await store.history.forget(RetentionPolicy(age: .seconds(-1), newest: 1)) == 2)
            #expect(try await count() == 1)
            #expect(try await limits() == [nil, nil, 2])
        }
    }

    @Test("Runs and tasks are found by how long they took")
    func durations() async throws {
        try await withStore { store in
            let lease = try await store.lease()
            for name in ["short", "long"] {
                let run = try await store.history.begin(
                    NewRun(tasks: [PlannedTask(name, target: "db")], revision: name), under: lease)
                try await store.history.start(run.tasks[0], of: run)
                try await store.history.finish(run.tasks[0], of: run, .succeeded(summary: [:]))
                try await store.history.finish(run, .succeeded(summary: [:]))
            }
            for table in ["runs", "tasks"] {
                let condition = table == "runs" ? "revision = 'long'" : "action = 'long'"
                _ = try await store.pool.query(
                    "UPDATE sluice.\(table) SET started_at = started_at - interval '10 minutes' WHERE \(condition)", [])
            }
            let (long, short) = (HistoryFilter(longerThan: .seconds(300)), HistoryFilter(shorterThan: .seconds(300)))
            #expect(try await store.history.runs(long).elements.compactMap(\.revision) == ["long"])
            #expect(try await store.history.runs(short).elements.compactMap(\.revision) == ["short"])
            #expect(try await store.history.tasks(long).elements.map(\.planned.action) == ["long"])
            #expect(try await store.history.tasks(short).elements.map(\.planned.action) == ["short"])
        }
    }

    @Test("An end that its own writer could not record is closed with the pass, and says so")
    func unrecordedEnd() async throws {
        try await withStore { store in
            let lease = try await store.lease()
            let run = try await store.history.begin(NewRun(tasks: [PlannedTask("t", target: "db")]), under: lease)
            try await store.queue.end(lease, PassEnd())
            #expect(try await store.history.run(run.id)?.status == .lost)
            #expect(try await store.history.tasks(ofRun: run.id).map(\.status) == [.skipped])
        }
    }
}
