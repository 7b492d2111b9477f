import DesiredState
import StateStore
import StateStoreSupport
import Testing

@Suite("Taking over from the dead")
struct RecoveryTests {
    let key = candidate("1")

    @Test("What a dead worker left running is lost, what it had not begun is skipped, what it had done stays done")
    func lostTasks() async throws {
        try await withStore { store in
            let lease = try await store.lease(on: key)
            let run = try await store.history.begin(
                NewRun(tasks: ["clone", "deploy", "report"].map { PlannedTask($0, target: "db") }), under: lease)
            try await store.history.start(run.tasks[0], of: run)
            try await store.history.finish(run.tasks[0], of: run, .succeeded(summary: ["rows": 3]))
            try await store.history.start(run.tasks[1], of: run)
            try await store.bury(lease)

            let ended = try #require(await store.history.run(run.id))
            #expect(ended.status == .lost && ended.endedAt != nil && ended.error?.code == "run.lost")
            let tasks = try await store.history.tasks(ofRun: run.id)
            #expect(tasks.map(\.status) == [.succeeded, .lost, .skipped])
            #expect(tasks.allSatisfy { $0.endedAt != nil })
            #expect(tasks[0].summary == ["rows": 3])
        }
    }

    @Test("The key waits again with its reasons and its revision, and the next attempt knows that it is one")
    func retried() async throws {
        try await withStore { store in
            let lease = try await store.lease(on: key, superseding: "r1")
            let recoveries = try await store.bury(lease)
            #expect(recoveries.map(\.key) == [key] && recoveries.map(\.fence) == [lease.fence])
            #expect(recoveries.map(\.decision) == [.retry(after: .zero)])
            let next = try #require(await store.claim())
            #expect(next.attempt == 2 && next.reasons == ["test"] && next.revision == "r1")
        }
    }

    @Test("A key that killed three processes in a row is Stalled as CrashLoop and left alone, sweeps or not")
    func quarantine() async throws {
        try await withStore { store in
            try await store.resources.store([DesiredResource(key, spec: ["poison": true])])
            try await store.queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: "push"))
            for _ in 0..<3 {
                try await store.bury(try #require(await store.claim()), policy: .init(suspectDelay: .zero))
            }

            #expect(try await store.queue.item(key)?.state == .quarantined)
            try await store.queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: "sweep"))
            try await store.queue.enqueue([EnqueueRequest(key, lane: .deploy, reason: "sweep")], onlyIdle: true)
            #expect(try await store.claim() == nil)
            let resource = try #require(await store.resources.get(key))
            #expect(resource.conditions[.stalled]?.status == .true)
            #expect(resource.conditions[.stalled]?.reason == "CrashLoop")
            #expect(resource.conditions[.ready]?.status == .false)
            #expect(resource.waiting != nil)
            #expect(try await store.events.list(of: key).elements.map(\.reason) == ["CrashLoop"])
        }
    }

    @Test("A new revision, or a person who asks, gives a quarantined key a new chance", arguments: [true, false])
    func lifted(byRevision: Bool) async throws {
        try await withStore { store in
            try await store.queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: "push"))
            for _ in 0..<3 {
                try await store.bury(try #require(await store.claim()), policy: .init(suspectDelay: .zero))
            }
            try await store.queue.enqueue(
                EnqueueRequest(
                    key, lane: .deploy, reason: "again", superseding: byRevision ? "r2" : nil,
                    liftsQuarantine: !byRevision))
            let lease = try #require(await store.claim())
            #expect(lease.attempt == 1)
        }
    }

    @Test("A quarantine ends by itself, and the next death begins a longer one")
    func ends() async throws {
        try await withStore { store in
            try await store.queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: "push"))
            let short = QuarantinePolicy(suspectDelay: .zero, firstQuarantine: .zero)
            for _ in 0..<3 { try await store.bury(try #require(await store.claim()), policy: short) }
            #expect(try await store.claim() == nil)
            #expect(try await store.queue.recoverExpired(policy: short) { 0 }.isEmpty)
            let lease = try #require(await store.claim())
            #expect(lease.attempt == 4)
            let buried = try await store.bury(lease, policy: .init(suspectDelay: .zero))
            #expect(buried.map(\.decision) == [.quarantine(for: .seconds(120))])
            #expect(try await store.queue.recoverExpired(policy: short) { 0 }.isEmpty)
            #expect(try await store.claim() == nil)
        }
    }

    @Test("The revision that was quarantined gets no new chance, however often it is announced")
    func sameRevision() async throws {
        try await withStore { store in
            let wish = EnqueueRequest(key, lane: .deploy, reason: "push", superseding: "r1")
            try await store.queue.enqueue(wish)
            for _ in 0..<3 {
                try await store.bury(try #require(await store.claim()), policy: .init(suspectDelay: .zero))
            }
            try await store.queue.enqueue(wish)
            #expect(try await store.queue.item(key)?.state == .quarantined)
        }
    }

    @Test("Failures are forgotten with a new revision, and only then")
    func failures() async throws {
        try await withStore { store in
            let lease = try await store.lease(on: key, superseding: "r1")
            try await store.queue.end(lease, PassEnd(next: .after(.seconds(600)), failures: 4))
            try await store.queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: "sweep", superseding: "r1"))
            #expect(try await store.queue.item(key)?.failures == 4)
            try await store.queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: "push", superseding: "r2"))
            #expect(try await store.queue.item(key)?.failures == 0)
        }
    }

    @Test("An orderly end, even a bad one, clears a key of suspicion")
    func cleared() async throws {
        try await withStore { store in
            try await store.queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: "push"))
            for _ in 0..<5 {
                try await store.bury(try #require(await store.claim()), policy: .init(suspectDelay: .zero))
                let second = try #require(await store.claim())
                try await store.queue.end(second, PassEnd(next: .after(.zero), failures: 1))
            }
            let item = try #require(await store.queue.item(key))
            #expect(item.state == .waiting && item.starts == 0 && item.failures == 1)
        }
    }
}
