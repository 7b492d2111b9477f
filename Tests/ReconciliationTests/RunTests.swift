import DesiredState
import Diagnostics
import NIOConcurrencyHelpers
import Reconciliation
import StateStore
import StateStoreSupport
import Testing
import WorkContext

@Suite("Runs of a reconciler")
struct RunTests {
    let world = TestWorld()

    @Test("A plan is carried out in order, each action a task, and the object ends Ready")
    func success() async throws {
        try await withStore { store in
            try await store.want(["clone", "deploy"], revision: "r1")
            #expect(try await store.engine([WorldReconciler(world: world)]).drain() == 1)
            #expect(world.effects("a") == ["clone", "deploy"])
            let run = try #require(await store.history.runs().elements.first)
            #expect(run.status == .succeeded && run.revision == "r1" && run.generation == 1)
            let tasks = try await store.history.tasks(ofRun: run.id)
            #expect(tasks.map(\.status) == [.succeeded, .succeeded])
            #expect(tasks.map(\.summary) == [["effect": "clone"], ["effect": "deploy"]])
            let object = try #require(await store.resources.get(thing("a")))
            #expect(object.conditions.filter { $0.status == .true }.map(\.type) == [.ready])
            #expect(object.isObserved && object.waiting == nil)
        }
    }

    @Test(
        "What is logged in a run says of which object, lane, generation and run, and the run keeps the trace of whoever asked"
    )
    func workContext() async throws {
        let told = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let trace = try #require(TraceContext(traceparent: told))
        let seen = NIOLockedValueBox<[WorkContext]>([])
        try await withStore { store in
            _ = try await WorkContext.$current.withValue(WorkContext(trace: trace)) {
                try await store.want(["clone"], revision: "r1")
            }
            let reconciler = WorldReconciler(world: world) { _, _ in
                seen.withLockedValue { $0.append(WorkContext.current) }
            }
            try await store.engine([reconciler]).drain()
            let run = try #require(await store.history.runs().elements.first)
            #expect(run.trace == trace.traceID)
            let work = try #require(seen.withLockedValue(\.self).first)
            #expect(
                work.fields == [
                    .object: "Thing/a", .lane: "deploy", .pass: "1", .generation: "1", .run: "\(run.id)",
                ])
            #expect(work.trace?.traceID == trace.traceID && work.trace?.spanID != trace.spanID)
            // The next pass was not asked for by anybody, and is a trace of its own.
            try await store.want(["clone", "deploy"], revision: "r2")
            try await store.engine([reconciler]).drain()
            let next = try #require(await store.history.runs().elements.first)
            #expect(next.trace?.count == 32 && next.trace != trace.traceID)
        }
    }

    @Test("A pass with nothing to do leaves no run")
    func nothing() async throws {
        try await withStore { store in
            try await store.want([])
            try await store.engine([WorldReconciler(world: world)]).drain()
            #expect(try await store.history.runs().elements.isEmpty)
            #expect(try await store.resources.get(thing("a"))?.conditions[.ready]?.status == .true)
        }
    }

    @Test("What a plan would do is shown, and nothing of it done")
    func preview() async throws {
        try await withStore { store in
            try await store.want(["clone", "deploy"], revision: "r1")
            let engine = store.engine([WorldReconciler(world: world)])
            let preview = try await engine.preview(thing("a"))
            #expect(preview.tasks.map(\.action) == ["clone", "deploy"] && preview.revision == "r1")
            #expect(world.effects("a").isEmpty)
            #expect(try await store.history.runs().elements.isEmpty)
            let error = await #expect(throws: SluiceError.self) {
                try await engine.preview(ResourceKey(kind: "Thingy", name: "a"))
            }
            #expect(error?.hint == "did you mean Thing?")
        }
    }

    @Test("Slow actions found by a cheap look are carried out in the lane of slow work")
    func handOver() async throws {
        try await withStore { store in
            try await store.want(["clone"], slow: true, lane: .observe)
            let engine = store.engine([WorldReconciler(world: world)])
            #expect(try await engine.drain() == 2)
            #expect(try await store.queue.item(thing("a"))?.lane == .deploy)
            #expect(world.effects("a") == ["clone"])
        }
    }

    @Test(
        "A failure is recorded on the task, the run and the object, with what happens next by its kind",
        arguments: SluiceError.Kind.allCases)
    func failure(kind: SluiceError.Kind) async throws {
        try await withStore { store in
            try await store.want(["clone", "deploy", "report"])
            var reconciler = WorldReconciler(world: world)
            reconciler.during = { task, _ in
                if task.action == "deploy" { throw SluiceError("deploy.failed", kind, "line 3", detail: "host db1") }
            }
            let engine = store.engine([reconciler]) { $0.retry.immediateConflicts = 0 }
            // The random number is 0: a delay is no delay, so every retry is due at once and the limit ends it.
            try await engine.drain(limit: 1)
            let run = try #require(await store.history.runs().elements.first)
            #expect(run.status == .failed && run.error?.code == "deploy.failed" && run.error?.detail == "host db1")
            #expect(try await store.history.tasks(ofRun: run.id).map(\.status) == [.succeeded, .failed, .skipped])
            let object = try #require(await store.resources.get(thing("a")))
            #expect(object.conditions[.ready]?.reason == "DeployFailed")
            #expect(object.conditions[.stalled]?.status == (kind == .stalled ? .true : .false))
            #expect(object.conditions[.reconciling]?.status == (kind == .stalled ? .false : .true))
            let item = try #require(await store.queue.item(thing("a")))
            #expect(item.state == (kind == .stalled ? .idle : .waiting))
            #expect(item.failures == 1)
            #expect(try await store.events.list(of: thing("a")).elements.count == (kind == .conflict ? 0 : 1))
        }
    }

    @Test("An action may fail and let the rest of the plan go on; the run has failed all the same")
    func goingOn() async throws {
        try await withStore { store in
            try await store.want([])
            let failure = SluiceError("deploy.failed", .stalled, "line 3")
            let reconciler = ClosureReconciler { _, context in
                let plan = ["deploy", "report"].map { PlannedTask($0, target: "db") }
                let report = try await context.carryOut(plan) { action, _ in
                    action.action == "deploy" ? .failed(failure) : .notNeeded(because: "there already")
                }
                context.setStatus(["verdict": -1])
                context.note(.normal, reason: "Judged", "the verdict is -1")
                #expect(report.firstFailure?.code == "deploy.failed")
                return .ready("judged")
            }
            try await store.engine([reconciler]).drain()
            let run = try #require(await store.history.runs().elements.first)
            #expect(run.status == .failed)
            #expect(try await store.history.tasks(ofRun: run.id).map(\.status) == [.failed, .skipped])
            #expect(try await store.resources.get(thing("a"))?.status == ["verdict": -1])
            #expect(try await store.events.list(of: thing("a")).elements.map(\.reason) == ["Judged"])
        }
    }

    @Test("Status and events gathered on the way are written on the way out of a failure, too")
    func statusOnFailure() async throws {
        try await withStore { store in
            try await store.want([])
            let reconciler = ClosureReconciler { _, context in
                context.setStatus(["seen": 3])
                context.note(.normal, reason: "Looked", "at three")
                throw SluiceError("forge.gone", .stalled, "the forge is gone")
            }
            try await store.engine([reconciler]).drain()
            #expect(try await store.resources.get(thing("a"))?.status == ["seen": 3])
            #expect(try await store.events.list(of: thing("a")).elements.map(\.reason) == ["ForgeGone", "Looked"])
        }
    }

    @Test("A suspended object is left alone, says so, and is taken up again when it is resumed")
    func suspended() async throws {
        try await withStore { store in
            let engine = store.engine([WorldReconciler(world: world)])
            try await store.want(["clone"])
            try await store.resources.suspend(thing("a"))
            try await engine.drain()
            #expect(world.effects("a").isEmpty)
            #expect(try await store.resources.get(thing("a"))?.waiting?.what.contains("suspended") == true)
            try await store.resources.suspend(thing("a"), false)
            try await store.want(["clone"])
            try await engine.drain()
            #expect(world.effects("a") == ["clone"])
        }
    }

    @Test("An object that is gone from the world leaves no row behind, also of a kind that is looked at now and then")
    func removed() async throws {
        try await withStore { store in
            try await store.want([])
            var reconciler = ClosureReconciler { _, _ in .removed }
            reconciler.resync = .seconds(60)
            try await store.engine([reconciler]).drain()
            #expect(try await store.resources.get(thing("a")) == nil)
            #expect(try await store.queue.item(thing("a")) == nil)
        }
    }

    @Test("A pass that found nothing leaves what came meanwhile")
    func removedBefore() async throws {
        try await withStore { store in
            try await store.queue.enqueue(EnqueueRequest(thing("a"), lane: .deploy, reason: "asked"))
            let reconciler = ClosureReconciler { request, _ in
                guard request.resource == nil else { return .ready("it is there") }
                try await store.want([])
                return .removed
            }
            try await store.engine([reconciler]).drain()
            #expect(try await store.resources.get(thing("a"))?.conditions[.ready]?.status == .true)
        }
    }
}

/// A reconciler of things that is one closure.
struct ClosureReconciler: Reconciler {
    let kind = "Thing"
    let body: @Sendable (ReconcileRequest, ReconcileContext) async throws -> ReconcileResult
    var resync: Duration?

    init(_ body: @escaping @Sendable (ReconcileRequest, ReconcileContext) async throws -> ReconcileResult) {
        self.body = body
    }

    func reconcile(_ request: ReconcileRequest, in context: ReconcileContext) async throws -> ReconcileResult {
        try await body(request, context)
    }

    func resyncInterval(of key: ResourceKey) -> Duration? { resync }

    func preview(_ request: ReconcileRequest) -> PlanPreview {
        PlanPreview(key: request.key, revision: nil, tasks: [], result: .ready(""))
    }
}
