import DesiredState
import Diagnostics
import Logging
import NIOConcurrencyHelpers
import StateStore

/// Gives the keys of one lane to its workers.
///
/// One dispatcher a lane and engine takes the keys one after another, which is what keeps the limit of a tenant exact.
/// Between notifications it looks when the next key is due, and at the poll interval in any case.
struct LaneDispatcher {
    let engine: Engine
    let lane: Lane

    /// Works until the engine stops or the task is cancelled. Throws only ``SimulatedCrash``.
    func run() async throws {
        let bell = engine.floor.bell(of: lane)
        let busy = NIOLockedValueBox(0)
        try await withThrowingDiscardingTaskGroup { group in
            var failures = 0
            while !engine.floor.isStopping, !Task.isCancelled {
                try engine.life.check()
                var pause = engine.configuration.pollInterval
                do {
                    // Asked before the keys that are due are taken: none can fall between the two.
                    pause = min(pause, try await engine.store.queue.timeUntilNext(in: lane) ?? pause)
                    while busy.withLockedValue({ $0 < engine.configuration.workers[lane, default: 0] }),
                        !engine.floor.isStopping, let lease = try await engine.claim(in: lane)
                    {
                        busy.withLockedValue { $0 += 1 }
                        group.addTask {
                            defer {
                                busy.withLockedValue { $0 -= 1 }
                                bell.signal()
                            }
                            try await engine.carryOut(lease)
                        }
                    }
                    failures = 0
                    if busy.withLockedValue({ $0 == 0 }) {
                        engine.report(.idle(lane))
                    }
                } catch {
                    if Task.isCancelled { break }
                    failures += 1
                    engine.trouble("the queue cannot be read", error)
                    pause = engine.randomness.jittered(engine.configuration.retry.ceiling(failures: failures))
                }
                await bell.wait(atMost: pause, on: engine.clock)
            }
            try engine.life.check()
        }
    }
}

extension Engine {
    /// Takes the next key of a lane. Not given up half way when the task is cancelled: a lease that was granted and that
    /// nobody knows of would look like a death of its key.
    func claim(in lane: Lane) async throws -> Lease? {
        try life.check()
        let lease = try await Task { [self] in
            try await store.queue.claim(
                lane: lane, kinds: reconcilers.keys.sorted(), worker: configuration.worker,
                tenantLimit: configuration.tenantLimit(in: lane), leaseFor: configuration.leaseDuration)
        }.value
        if let lease { report(.claimed(lease)) }
        return lease
    }

    /// Carries out the pass of a lease.
    func carryOut(_ lease: Lease) async throws {
        guard let reconciler = reconcilers[lease.key.kind] else { return }
        let nudge = floor.enter(lease)
        defer { floor.leave(lease) }
        try await Pass(engine: self, reconciler: reconciler, lease: lease, nudge: nudge).run()
    }

    /// Says that something around the work failed and will be tried again.
    func trouble(_ what: String, _ error: any Error) {
        let error = SluiceError(wrapping: error)
        logger.warning("\(what): \(String(reflecting: error))")
        report(.troubled("\(what): \(error)"))
    }
}
