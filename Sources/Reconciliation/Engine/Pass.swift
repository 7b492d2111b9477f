import DesiredState
import Diagnostics
import Logging
import NIOConcurrencyHelpers
import StateStore
import WorkContext

/// One pass over one key: the ritual around a reconciler.
///
/// Load the object, leave a suspended one alone, call the reconciler while the lease is kept alive, and write the end:
/// conditions, status, events, what it waits for and when it is looked at next, on every way out but two. A pass whose
/// lease was lost writes nothing, for it has no right to; a pass whose process "died" cannot.
struct Pass {
    let engine: Engine
    let reconciler: any Reconciler
    let lease: Lease
    let nudge: Wakeup

    /// Carries the pass out. Throws only ``SimulatedCrash``.
    ///
    /// Whatever is logged meanwhile, by whomever, says of which object; whoever is asked outside is told of which trace.
    func run() async throws {
        try await WorkContext.$current.withValue(work) { try await carryOut() }
    }

    private var work: WorkContext {
        // Nothing is decided by the ids of traces: they need be told apart and no more.
        var generator = SystemRandomNumberGenerator()
        let asked = lease.trace.flatMap { TraceContext(traceparent: $0) }
        return WorkContext(
            trace: asked?.child(using: &generator) ?? .begin(using: &generator),
            fields: [.object: lease.key.description, .lane: lease.lane.rawValue, .pass: "\(lease.pass)"])
    }

    private func carryOut() async throws {
        try await engine.life.reach("after:claim")
        let stop = NIOLockedValueBox<StopReason?>(nil)
        let context = NIOLockedValueBox<ReconcileContext?>(nil)
        let body = Task { try await attempt(context) }
        let keeper = Task {
            await leaseKeeper.run { reason in
                stop.withLockedValue { $0 = reason }
                report(reason)
                body.cancel()
            }
        }
        let result = await withTaskCancellationHandler {
            await body.result
        } onCancel: {
            body.cancel()
        }
        do {
            try await conclude(result, stop, context)
        } catch {
            await silence(keeper)
            throw error
        }
        await silence(keeper)
    }

    /// Nothing of a pass outlives it: a heartbeat that is still on its way would hold the lease of a process that died, and
    /// its lock of the row would hide the key from whoever takes the next one.
    private func silence(_ keeper: Task<Void, Never>) async {
        keeper.cancel()
        await keeper.value
    }

    private func conclude(
        _ result: Result<PassOutcome, any Error>, _ stop: NIOLockedValueBox<StopReason?>,
        _ context: NIOLockedValueBox<ReconcileContext?>
    ) async throws {
        try engine.life.check()
        guard let outcome = outcome(result, stop.withLockedValue(\.self)) else {
            engine.report(.lost(lease))
            return
        }
        try await write(outcome, context.withLockedValue(\.self))
    }

    private var leaseKeeper: LeaseKeeper {
        LeaseKeeper(
            queue: engine.store.queue, lease: lease, configuration: engine.configuration, clock: engine.clock,
            life: engine.life, logger: logger, nudge: nudge)
    }

    private var logger: Logger { engine.logger }

    private func report(_ reason: StopReason) {
        let text =
            switch reason {
            case .cancelRequested(let text): text
            case .leaseLost: "another worker has the key"
            }
        logger.info("stopping: \(text)")
        engine.report(.stopping(lease, reason: text))
    }

    private func attempt(_ shared: NIOLockedValueBox<ReconcileContext?>) async throws -> PassOutcome {
        let resource = try await engine.store.resources.get(lease.key)
        let more = resource.map { [WorkContext.Field.generation: "\($0.generation)"] } ?? [:]
        return try await WorkContext.$current.withValue(WorkContext.current.adding(more)) {
            try await attempt(on: resource, shared)
        }
    }

    private func attempt(
        on resource: StoredResource?, _ shared: NIOLockedValueBox<ReconcileContext?>
    ) async throws -> PassOutcome {
        let context = ReconcileContext(
            store: engine.store, lease: lease, resource: resource, life: engine.life, logger: logger,
            report: engine.report)
        shared.withLockedValue { $0 = context }
        if let hold = try await PassHold.of(resource, in: engine) { return .held(hold) }
        return .finished(
            try await reconciler.reconcile(
                ReconcileRequest(
                    key: lease.key, resource: resource, lane: lease.lane, reasons: lease.reasons,
                    attempt: lease.attempt, waited: lease.isRoutine ? lease.waited : .zero), in: context))
    }

    /// Nil when there is no right to write an end.
    private func outcome(_ result: Result<PassOutcome, any Error>, _ stop: StopReason?) -> PassOutcome? {
        if stop == .leaseLost { return nil }
        switch result {
        case .success(let outcome): return outcome
        case .failure(StateStoreError.leaseLost): return nil
        case .failure(StateStoreError.superseded(_, let revision)):
            return .cancelled(reason: "superseded by \(revision)")
        case .failure(let error):
            if case .cancelRequested(let reason) = stop { return .cancelled(reason: reason) }
            if Task.isCancelled { return .interrupted }
            return .failed(SluiceError(wrapping: error))
        }
    }

    private func write(_ outcome: PassOutcome, _ context: ReconcileContext?) async throws {
        if case .failed(let error) = outcome { logger.warning("the pass failed: \(String(reflecting: error))") }
        var end = PassConclusion(
            retry: engine.configuration.retry, randomness: engine.randomness, failures: lease.failures,
            generation: context?.resource?.generation, resync: reconciler.resyncInterval(of: lease.key)
        ).end(after: outcome)
        if let draft = context?.draft.withLockedValue(\.self) {
            end.report.status = draft.status
            end.events = draft.events + end.events
        }
        try await engine.life.reach("before:end")
        await writePersistently(end)
        if case .finished(let result) = outcome, result.standing == .ready { await wakeDependents(context) }
        try await engine.life.reach("recorded:end")
    }

    /// Has those looked at that wait for this object, now that it is ready and was not. A hint: they look again anyway.
    private func wakeDependents(_ context: ReconcileContext?) async {
        guard let resource = context?.resource, resource.conditions[.ready]?.status != .true || !resource.isObserved
        else { return }
        do {
            let dependents = try await engine.store.resources.dependents(on: lease.key)
            try await engine.store.queue.enqueue(
                dependents.map { EnqueueRequest($0, lane: .observe, reason: "\(lease.key) is ready") })
        } catch {
            logger.warning("those that wait for this object are not woken: \(SluiceError(wrapping: error))")
        }
    }

    /// Writes the end although the store may be out of reach for a while: an end that is not written would count as a
    /// death of the key. When the controller is stopping, it does not wait for the store to come back.
    private func writePersistently(_ end: PassEnd) async {
        for failures in 1... {
            do {
                try await Task { try await engine.store.queue.end(lease, end) }.value
                engine.report(.ended(lease, end))
                logger.info("a pass has ended", metadata: ["failures": "\(end.failures)"])
                return
            } catch StateStoreError.leaseLost {
                engine.report(.lost(lease))
                return
            } catch {
                let error = SluiceError(wrapping: error)
                logger.warning("the end of the pass could not be written: \(String(reflecting: error))")
                engine.report(.troubled(error.description))
                if Task.isCancelled || engine.life.isOver || error.kind == .stalled { return }
                let delay = engine.configuration.retry.ceiling(failures: failures)
                try? await engine.clock.sleep(for: min(delay, engine.configuration.leaseDuration))
            }
        }
    }
}
