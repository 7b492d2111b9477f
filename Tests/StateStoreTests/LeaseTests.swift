import DesiredState
import PostgresClient
import StateStore
import StateStoreSupport
import Testing

@Suite("Leases and fences")
struct LeaseTests {
    @Test("F-04 A worker that was paused while its key was taken over has every one of its writes refused")
    func staleWorker() async throws {
        try await withStore { store in
            let key = candidate("1")
            try await store.resources.store([DesiredResource(key, spec: [:])])
            let paused = try await store.lease(on: key, worker: "paused")
            let run = try await store.history.begin(
                NewRun(tasks: [PlannedTask("clone", target: "db"), PlannedTask("report", target: "r1")]), under: paused)
            try await store.history.start(run.tasks[0], of: run)
            try await store.bury(paused)
            let heir = try #require(await store.claim(worker: "heir"))
            #expect(heir.fence > paused.fence)
            #expect(heir.attempt == 2)

            let report = StatusReport(
                [.init(.ready, .true, reason: "Stale", message: "stale")], status: ["by": "paused"])
            let lost = StateStoreError.leaseLost(key)
            await #expect(throws: lost) {
                try await store.history.finish(run.tasks[0], of: run, .succeeded(summary: [:]))
            }
            await #expect(throws: lost) { try await store.history.start(run.tasks[1], of: run) }
            await #expect(throws: lost) { try await store.history.finish(run, .succeeded(summary: [:])) }
            await #expect(throws: lost) { try await store.history.begin(NewRun(tasks: []), under: paused) }
            await #expect(throws: lost) { try await store.resources.write(report, under: paused) }
            await #expect(throws: lost) { try await store.queue.declare(revision: "r9", under: paused) }
            await #expect(throws: lost) {
                try await store.queue.end(paused, PassEnd(next: .whenAsked, report: report, removesResource: true))
            }
            #expect(try await store.queue.heartbeat(paused, leaseFor: .seconds(60)) == .lost)

            let resource = try #require(await store.resources.get(key))
            #expect(resource.status == [:] && resource.conditions.isEmpty)
            #expect(try await store.history.run(run.id)?.status == .lost)
            #expect(try await store.queue.heartbeat(heir, leaseFor: .seconds(60)) == .held)
        }
    }

    @Test("F-02 A fence that a failover gave out again, to another worker, is not ours")
    func fenceGivenOutAgain() async throws {
        try await withStore { store in
            let lease = try await store.lease(on: candidate("1"), worker: "before")
            try await store.pool.query("UPDATE sluice.work_items SET owner = 'after'")
            let lost = StateStoreError.leaseLost(candidate("1"))
            #expect(try await store.queue.heartbeat(lease, leaseFor: .seconds(60)) == .lost)
            await #expect(throws: lost) { try await store.queue.declare(revision: "r1", under: lease) }
            await #expect(throws: lost) { try await store.queue.end(lease, PassEnd()) }
            #expect(try await store.queue.item(candidate("1"))?.worker == "after")
        }
    }

    @Test("A lease that ran out but that nobody took over goes on with the next heartbeat")
    func lateHeartbeat() async throws {
        try await withStore { store in
            let lease = try await store.lease()
            try await store.queue.expireLeases(heldBy: lease.worker)
            #expect(try await store.queue.heartbeat(lease, leaseFor: .seconds(60)) == .held)
            #expect(try await store.queue.recoverExpired(policy: QuarantinePolicy()) { 0 }.isEmpty)
        }
    }

    @Test("Nobody takes over a lease that has not run out")
    func unexpired() async throws {
        try await withStore { store in
            _ = try await store.lease()
            #expect(try await store.queue.recoverExpired(policy: QuarantinePolicy()) { 0 }.isEmpty)
            #expect(try await store.claim(worker: "another") == nil)
        }
    }

    @Test("Two replicas that look for the dead at the same time bury each of them once")
    func concurrentRecovery() async throws {
        try await withStore { store in
            for number in 0..<20 { _ = try await store.lease(on: candidate("\(number)")) }
            try await store.queue.expireLeases(heldBy: "one")
            async let first = store.queue.recoverExpired(policy: QuarantinePolicy()) { 0 }
            async let second = store.queue.recoverExpired(policy: QuarantinePolicy()) { 0 }
            let keys = try await (first + second).map(\.key)
            #expect(keys.count == 20 && Set(keys).count == 20)
        }
    }

    @Test("F-08 A newer revision cancels the work for the older one; the same revision does not")
    func superseding() async throws {
        try await withStore { store in
            let key = candidate("1")
            let lease = try await store.lease(on: key, superseding: "r1")
            #expect(lease.revision == "r1")
            try await store.queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: "again", superseding: "r1"))
            try await store.queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: "timer"))
            #expect(try await store.queue.heartbeat(lease, leaseFor: .seconds(60)) == .held)
            try await store.queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: "push", superseding: "r2"))
            #expect(
                try await store.queue.heartbeat(lease, leaseFor: .seconds(60))
                    == .cancelRequested(reason: "superseded by r2"))
            try await store.queue.end(lease, PassEnd(next: .after(.zero)))
            let next = try #require(await store.claim())
            #expect(next.revision == "r2")
            #expect(try await store.queue.heartbeat(next, leaseFor: .seconds(60)) == .held)
        }
    }

    @Test("F-08 Work that finds out its revision late is refused when a newer one came meanwhile")
    func lateDeclaration() async throws {
        try await withStore { store in
            let key = candidate("1")
            let lease = try await store.lease(on: key)
            try await store.queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: "push", superseding: "r2"))
            #expect(try await store.queue.heartbeat(lease, leaseFor: .seconds(60)) == .held)
            await #expect(throws: StateStoreError.superseded(key, by: "r2")) {
                try await store.history.begin(
                    NewRun(tasks: [PlannedTask("clone", target: "db")], revision: "r1"), under: lease)
            }
            #expect(try await store.history.runs().elements.isEmpty)
            try await store.queue.declare(revision: "r2", under: lease)
        }
    }

    @Test("Whoever asks for work to stop tells the worker by notification, with the fence")
    func cancelNotification() async throws {
        try await withStore { store in
            let lease = try await store.lease()
            let (heard, hear) = AsyncStream<QueueNotification>.makeStream()
            let listener = Task {
                try await store.queue.listen {
                    try await store.queue.requestCancel(lease.key, reason: "asked")
                } receive: {
                    hear.yield($0)
                }
            }
            var first: QueueNotification?
            for await notification in heard {
                first = notification
                break
            }
            #expect(first == .cancel(fence: lease.fence))
            listener.cancel()
            _ = await listener.result
            #expect(try await store.queue.requestCancel(candidate("idle"), reason: "asked") == false)
        }
    }
}
