import DesiredState
import Diagnostics
import NIOConcurrencyHelpers
import PostgresClient
import Reconciliation
import StateStore
import StateStoreSupport
import Testing

@Suite("The engine as a service", .timeLimit(.minutes(10)))
struct EngineTests {
    let world = TestWorld()

    /// A reconciler of which each effect says that it has begun, and then waits at a gate.
    private func waiting(at gate: Gate) -> (reconciler: WorldReconciler, begun: AsyncStream<Void>) {
        let (begun, begin) = AsyncStream<Void>.makeStream()
        var reconciler = WorldReconciler(world: world)
        reconciler.during = { _, _ in
            begin.yield()
            try await gate.pass()
        }
        return (reconciler, begun)
    }

    /// Runs an engine beside `body`, which is handed its events, and stops it afterwards.
    private func withRunning(
        _ engine: (@escaping @Sendable (EngineEvent) -> Void) -> Engine,
        _ body: (Engine, AsyncStream<EngineEvent>) async throws -> Void
    ) async throws {
        let (events, report) = AsyncStream<EngineEvent>.makeStream()
        let engine = engine { report.yield($0) }
        let run = Task { try await engine.run() }
        do {
            try await body(engine, events)
        } catch {
            run.cancel()
            _ = await run.result
            throw error
        }
        engine.stop()
        try await run.value
    }

    private func wait(for events: AsyncStream<EngineEvent>, until isIt: (EngineEvent) -> Bool) async {
        for await event in events where isIt(event) { return }
    }

    @Test("A key enqueued anywhere wakes a worker by notification, long before the poll")
    func wakes() async throws {
        try await withStore { store in
            try await withRunning { observer in
                store.engine(
                    [WorldReconciler(world: world)], configure: { $0.pollInterval = .seconds(86_400) },
                    observer: observer)
            } _: { _, events in
                await wait(for: events) { if case .listening = $0 { true } else { false } }
                try await store.want(["clone"])
                await wait(for: events) { if case .ended = $0 { true } else { false } }
                #expect(world.effects("a") == ["clone"])
            }
        }
    }

    @Test("F-07 A key whose notification was lost is found by the poll")
    func lostNotification() async throws {
        try await withStore { store in
            try await withRunning { observer in
                store.engine(
                    [WorldReconciler(world: world)], configure: { $0.pollInterval = .milliseconds(20) },
                    observer: observer)
            } _: { _, events in
                await wait(for: events) { if case .listening = $0 { true } else { false } }
                // Written past the queue: nobody is notified.
                try await store.resources.store([DesiredResource(thing("a"), spec: ["effects": ["clone"]])])
                try await store.pool.query(
                    """
                    INSERT INTO sluice.work_items (kind, name, lane, tenant, state, not_before)
                    VALUES ('Thing', 'a', 'deploy', 'a', 'waiting', statement_timestamp())
                    """)
                await wait(for: events) { if case .ended = $0 { true } else { false } }
                #expect(world.effects("a") == ["clone"])
            }
        }
    }

    @Test("F-08 A newer revision cancels the run of the older one, whose task and run are recorded as cancelled")
    func superseded() async throws {
        try await withStore { store in
            let gate = Gate()
            let (begun, begin) = AsyncStream<Void>.makeStream()
            var reconciler = WorldReconciler(world: world)
            reconciler.during = { task, _ in
                guard task.action == "old" else { return }
                begin.yield()
                try await gate.pass()
            }
            let slow = reconciler
            try await withRunning { observer in
                store.engine([slow], configure: { $0.heartbeatInterval = .seconds(86_400) }, observer: observer)
            } _: { _, events in
                await wait(for: events) { if case .listening = $0 { true } else { false } }
                try await store.want(["old", "never"], revision: "r1")
                for await _ in begun { break }
                try await store.want(["new"], revision: "r2")
                await wait(for: events) { event in
                    guard case .ended(_, let end) = event else { return false }
                    return end.report.observedGeneration == 2
                }
            }
            #expect(world.effects("a") == ["new"])
            let runs = try await store.history.runs().elements
            #expect(runs.map(\.status) == [.succeeded, .cancelled] && runs.map(\.revision) == ["r2", "r1"])
            let tasks = try await store.history.tasks(HistoryFilter(revision: "r1")).elements
            #expect(tasks.map(\.status) == [.skipped, .cancelled])
        }
    }

    @Test("F-08 A cancellation whose notification was lost is found by the heartbeat")
    func supersededByHeartbeat() async throws {
        try await withStore { store in
            let gate = Gate()
            let (reconciler, begun) = waiting(at: gate)
            try await withRunning { observer in
                store.engine(
                    [reconciler],
                    configure: {
                        $0.heartbeatInterval = .milliseconds(20)
                        $0.drainTimeout = .zero
                    }, observer: observer)
            } _: { _, events in
                try await store.want(["old"])
                for await _ in begun { break }
                try await store.pool.query("UPDATE sluice.work_items SET cancel_reason = 'silently'")
                await wait(for: events) { if case .stopping(_, "silently") = $0 { true } else { false } }
            }
            #expect(try await store.history.runs().elements.last?.status == .cancelled)
        }
    }

    @Test("F-04 A pass whose heartbeat hangs for as long as its lease lasts is stopped and writes nothing")
    func hangingHeartbeat() async throws {
        try await withStore { store in
            let gate = Gate()
            let (reconciler, begun) = waiting(at: gate)
            try await withRunning { observer in
                store.engine(
                    [reconciler],
                    configure: {
                        $0.workers = [.deploy: 1]
                        $0.heartbeatInterval = .milliseconds(20)
                        // As in production: on a busy machine a heartbeat may well take half a second.
                        $0.leaseDuration = .seconds(15)
                    }, observer: observer)
            } _: { _, events in
                try await store.want(["clone"])
                for await _ in begun { break }
                try await store.pool.transaction { connection in
                    try await connection.query("SELECT FROM sluice.work_items FOR UPDATE")
                    await wait(for: events) { if case .stopping = $0 { true } else { false } }
                    try await connection.query(
                        "UPDATE sluice.work_items SET fence = nextval('sluice.fence'), owner = 'another'")
                }
                await wait(for: events) { if case .lost = $0 { true } else { false } }
            }
            #expect(world.effects("a").isEmpty)
            #expect(try await store.history.runs().elements.map(\.status) == [.running])
        }
    }

    @Test("F-04 A pass whose key was taken over is stopped and writes nothing")
    func takenOver() async throws {
        try await withStore { store in
            let gate = Gate()
            let (reconciler, begun) = waiting(at: gate)
            try await withRunning { observer in
                store.engine(
                    [reconciler],
                    configure: {
                        $0.workers = [.deploy: 1]
                        $0.heartbeatInterval = .milliseconds(20)
                    }, observer: observer)
            } _: { _, events in
                try await store.want(["clone"])
                for await _ in begun { break }
                // As another replica would: in one step, so that no heartbeat of ours comes between.
                try await store.pool.query(
                    "UPDATE sluice.work_items SET fence = nextval('sluice.fence'), owner = 'another'")
                await wait(for: events) { if case .lost = $0 { true } else { false } }
            }
            #expect(world.effects("a").isEmpty)
            #expect(try await store.history.runs().elements.map(\.status) == [.running])
            #expect(try await store.queue.item(thing("a"))?.worker == "another")
        }
    }

    @Test("A key that is to be looked at again at once is, however its heartbeats fall: the last one never hides it")
    func heartbeatAtTheEnd() async throws {
        try await withStore { store in
            let passes = 500
            let looks = NIOLockedValueBox(0)
            let reconciler = ClosureReconciler { _, _ in
                let look = looks.withLockedValue { looks in
                    looks += 1
                    return looks
                }
                guard look < passes else { return .ready("seen often enough") }
                return ReconcileResult(
                    .unfinished, reason: "Progressing", message: "looked at once more", lookAgain: .zero)
            }
            try await store.want([])
            let engine = store.engine([reconciler], configure: { $0.heartbeatInterval = .microseconds(1) })
            #expect(try await engine.drain() == passes)
        }
    }

    @Test("Two engines on one store share the work: every key runs, none twice at a time")
    func replicas() async throws {
        try await withStore { store in
            let names = (0..<30).map { "thing-\($0)" }
            let (ended, end) = AsyncStream<ResourceKey>.makeStream()
            let engines = ["one", "two"].map { worker in
                store.engine(
                    [WorldReconciler(world: world)], worker: worker,
                    observer: { event in
                        if case .ended(let lease, _) = event { end.yield(lease.key) }
                    })
            }
            let runs = engines.map { engine in Task { try await engine.run() } }
            for name in names { try await store.want(["clone", "deploy"], of: name) }
            var keys: Set<ResourceKey> = []
            for await key in ended {
                keys.insert(key)
                if keys.count == names.count { break }
            }
            for engine in engines { engine.stop() }
            for run in runs { try await run.value }
            #expect(names.allSatisfy { world.effects($0) == ["clone", "deploy"] })
        }
    }

    @Test("A tenant that floods a lane leaves a worker to the others")
    func fairness() async throws {
        try await withStore { store in
            let gate = Gate()
            let flooded = NIOLockedValueBox(0)
            let reconciler = ClosureReconciler { request, _ in
                if request.key.components.first == "flood" {
                    flooded.withLockedValue { $0 += 1 }
                    try await Task.sleep(for: .seconds(86_400))
                }
                gate.open()
                return .ready("")
            }
            try await withRunning { observer in
                store.engine(
                    [reconciler],
                    configure: {
                        $0.workers = [.deploy: 3]
                        $0.drainTimeout = .zero
                    }, observer: observer)
            } _: { _, events in
                for number in 0..<10 {
                    try await store.queue.enqueue(
                        EnqueueRequest(thing("flood/\(number)"), lane: .deploy, reason: "flood", priority: 100))
                }
                try await store.queue.enqueue(EnqueueRequest(thing("modest/1"), lane: .deploy, reason: "one"))
                try await gate.pass()
                #expect(flooded.withLockedValue { $0 } <= 2)
            }
            #expect(try await store.queue.census()[.deploy]?[.running] == nil)
        }
    }

    @Test("Asked to stop, the engine lets what is under way come to its end and takes nothing new")
    func drains() async throws {
        try await withStore { store in
            let gate = Gate()
            let (reconciler, begun) = waiting(at: gate)
            // The one worker is busy: no look at the queue is under way.
            let engine = store.engine([reconciler], configure: { $0.workers = [.deploy: 1] })
            let run = Task { try await engine.run() }
            try await store.want(["clone"])
            for await _ in begun { break }
            engine.stop()
            try await store.want(["later"], of: "b")
            gate.open()
            try await run.value
            #expect(world.effects("a") == ["clone"] && world.effects("b").isEmpty)
            #expect(try await store.history.runs().elements.map(\.status) == [.succeeded])
        }
    }

    @Test(
        "Cancelled, the engine gives its keys back: the run is cancelled, the key waits, and nothing looks like a death"
    )
    func cancelled() async throws {
        try await withStore { store in
            let gate = Gate()
            let (reconciler, begun) = waiting(at: gate)
            let engine = store.engine([reconciler])
            let run = Task { try await engine.run() }
            try await store.want(["clone", "deploy"])
            for await _ in begun { break }
            run.cancel()
            try await run.value
            #expect(try await store.history.tasks().elements.map(\.status) == [.skipped, .cancelled])
            let item = try #require(await store.queue.item(thing("a")))
            #expect(item.state == .waiting && item.starts == 0 && item.failures == 0)
        }
    }

    @Test("A sweep runs once at the start, and again after its interval")
    func sweeps() async throws {
        try await withStore { store in
            let sweep = PeriodicSweep("things", every: .seconds(1_000)) { _, context in
                try await context.enqueue(EnqueueRequest(thing("a"), lane: .deploy, reason: "sweep"))
                return .ready("swept")
            }
            try await store.resources.store([DesiredResource(thing("a"), spec: ["effects": ["clone"]])])
            let engine = store.engine([WorldReconciler(world: world)], sweeps: [sweep])
            #expect(try await engine.drain() == 2)
            #expect(world.effects("a") == ["clone"])
            #expect(try await engine.drain() == 0)
            let next = try #require(await store.queue.timeUntilNext(in: .observe))
            #expect(next > .seconds(800) && next <= .seconds(900), "the random number is 0: a tenth early")
            let item = try #require(await store.queue.item(sweep.key))
            #expect(item.state == .waiting)
        }
    }

    @Test("Whoever enqueued can wait for the answer")
    func answers() async throws {
        try await withStore { store in
            try await withRunning { observer in
                store.engine([WorldReconciler(world: world)], observer: observer)
            } _: { _, _ in
                let ticket = try await store.want(["clone"])
                try await store.queue.waitUntilAnswered(ticket, askingEvery: .milliseconds(10))
                let run = try #require(await store.history.runs().elements.first)
                #expect(run.pass == ticket.pass && run.status == .succeeded)
            }
        }
    }

    @Test("The store being out of reach for a moment ends no engine and loses no end of a pass")
    func outage() async throws {
        try await withStore { store in
            let terminated = NIOLockedValueBox(false)
            let failpoints = ScriptedFailpoints { point, times in
                // Every connection of this database is cut while the end of the pass is about to be written.
                guard point == "before:end", times == 1 else { return }
                let connection = try await PostgresConnection.open(store.pool.configuration)
                try await connection.query(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    """)
                await connection.close()
                terminated.withLockedValue { $0 = true }
            }
            try await withRunning { observer in
                store.engine(
                    [WorldReconciler(world: world)], failpoints: failpoints,
                    configure: { $0.retry.base = .milliseconds(10) }, observer: observer)
            } _: { _, _ in
                let ticket = try await store.want(["clone"])
                while true {
                    // The connection this question goes through may be one of those that were cut.
                    if let answered = try? await store.queue.isAnswered(ticket), answered { break }
                    await Task.yield()
                }
            }
            #expect(terminated.withLockedValue { $0 })
            #expect(try await store.history.runs().elements.map(\.status) == [.succeeded])
            #expect(try await store.resources.get(thing("a"))?.conditions[.ready]?.status == .true)
        }
    }
}
