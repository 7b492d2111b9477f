import DesiredState
import Diagnostics
import Reconciliation
import StateStore
import StateStoreSupport
import Testing

@Suite("Crashes")
struct CrashTests {
    static let points =
        ["after:claim", "recorded:plan"]
        + ["clone", "deploy"].flatMap { ["before:\($0)", "after:\($0)", "recorded:\($0)"] }
        + ["before:end", "recorded:end"]

    @Test("The points of a run are reached in the order that is promised")
    func order() async throws {
        try await withStore { store in
            try await store.want(["clone", "deploy"])
            let failpoints = ScriptedFailpoints()
            try await store.engine([WorldReconciler(world: TestWorld())], failpoints: failpoints).drain()
            #expect(failpoints.trace == Self.points)
        }
    }

    @Test("F-01 Killed at any point, the next process finishes the work and no effect is had twice", arguments: points)
    func everyPoint(point: String) async throws {
        try await withStore { store in
            let world = TestWorld()
            try await store.want(["clone", "deploy"])
            let dying = store.engine([WorldReconciler(world: world)], failpoints: ScriptedFailpoints(crashAt: point))
            await #expect(throws: SimulatedCrash(at: point)) { try await dying.drain() }
            await #expect(throws: SimulatedCrash(at: point), "the dead do nothing more") { try await dying.drain() }

            // As a killed process leaves it: the lease is held, the run and its task are running.
            let ended = point == "recorded:end"
            #expect(try await store.queue.item(thing("a"))?.state == (ended ? .idle : .running))
            if !ended, point != "after:claim", point != "before:end" {
                #expect(try await store.history.runs().elements.map(\.status) == [.running])
            }

            try await store.queue.expireLeases(heldBy: "one")
            try await store.engine([WorldReconciler(world: world)], worker: "two").drain()
            #expect(world.effects("a") == ["clone", "deploy"])
            #expect(world.repeats == 0)
            let open = try await store.history.tasks(statuses: [.pending, .running]).elements
            #expect(open.isEmpty)
            let running = try await store.history.runs(statuses: [.running]).elements
            #expect(running.isEmpty)
            #expect(try await store.resources.get(thing("a"))?.conditions[.ready]?.status == .true)
            #expect(try await store.queue.item(thing("a"))?.state == .idle)
        }
    }

    @Test("No catch block and no defer on the way out of a crash can record anything")
    func tiedHands() async throws {
        try await withStore { store in
            try await store.want([])
            let reconciler = ClosureReconciler { _, context in
                do {
                    try await context.reach("before:comment")
                } catch {
                    context.setStatus(["written": "after death"])
                    _ = try? await context.carryOut([PlannedTask("late", target: "x")]) { _, _ in .done() }
                    _ = try? await context.enqueue(EnqueueRequest(thing("b"), lane: .deploy, reason: "late"))
                }
                return .ready("as if nothing had happened")
            }
            let engine = store.engine([reconciler], failpoints: ScriptedFailpoints(crashAt: "before:comment"))
            await #expect(throws: SimulatedCrash(at: "before:comment")) { try await engine.drain() }
            #expect(try await store.history.runs().elements.isEmpty)
            #expect(try await store.queue.item(thing("b")) == nil)
            #expect(try await store.resources.get(thing("a"))?.conditions.isEmpty == true)
            #expect(try await store.queue.item(thing("a"))?.state == .running)
        }
    }

    @Test("A running engine dies as a whole, and its other passes record nothing either", .timeLimit(.minutes(10)))
    func wholeProcess() async throws {
        try await withStore { store in
            let world = TestWorld()
            let gate = Gate()
            var reconciler = WorldReconciler(world: world)
            reconciler.during = { task, _ in
                if task.target == "slow" { try await gate.pass() }
            }
            let failpoints = ScriptedFailpoints { point, _ in
                if point == "before:die" { throw SimulatedCrash(at: point) }
                if point == "before:hang" { try await store.want(["die"], of: "fatal") }
            }
            try await store.want(["hang"], of: "slow")
            let engine = store.engine([reconciler], failpoints: failpoints)
            await #expect(throws: SimulatedCrash(at: "before:die")) { try await engine.run() }
            #expect(try await store.history.runs(statuses: [.running]).elements.count == 2)
            #expect(try await store.queue.census()[.deploy] == [.running: 2])
        }
    }

    @Test("An object that kills its process each time is quarantined, and the others go on")
    func poison() async throws {
        try await withStore { store in
            let world = TestWorld()
            try await store.want(["die"], of: "poison")
            for number in 1...3 {
                let failpoints = ScriptedFailpoints(crashAt: "before:die")
                let engine = store.engine(
                    [WorldReconciler(world: world)], worker: "process \(number)", failpoints: failpoints)
                await #expect(throws: SimulatedCrash.self) { try await engine.drain() }
                try await store.queue.expireLeases(heldBy: "process \(number)")
            }
            try await store.want(["clone"], of: "healthy")
            try await store.engine([WorldReconciler(world: world)]).drain()
            #expect(world.effects("healthy") == ["clone"] && world.effects("poison").isEmpty)
            #expect(try await store.resources.get(thing("poison"))?.conditions[.stalled]?.reason == "CrashLoop")
            #expect(
                try await store.history.runs(HistoryFilter(name: "poison")).elements.map(\.status) == [
                    .lost, .lost, .lost,
                ])
        }
    }

    @Test("A failpoint may also inject an ordinary error, which fails the action")
    func injectedError() async throws {
        try await withStore { store in
            try await store.want(["clone"])
            let failpoints = ScriptedFailpoints { point, times in
                if point == "after:clone", times == 1 { throw SluiceError("net.reset", .transient, "reset") }
            }
            let world = TestWorld()
            #expect(try await store.engine([WorldReconciler(world: world)], failpoints: failpoints).drain() == 2)
            #expect(world.effects("a") == ["clone"])
            #expect(try await store.history.runs().elements.map(\.status) == [.failed])
        }
    }
}
