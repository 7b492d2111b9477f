import DesiredState
import Diagnostics
import Logging
import StateStore

extension Engine {
    /// What goes on beside the lanes until the task is cancelled: hearing notifications, taking over from the dead.
    func runBackground() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.listen() }
            group.addTask { await self.recoverPeriodically() }
        }
    }

    /// Hears notifications, connecting again whenever the connection breaks.
    private func listen() async {
        var failures = 0
        while !Task.isCancelled, !life.isOver {
            do {
                try await registerSweeps()
                try await listenOnce { failures = 0 }
            } catch {
                if Task.isCancelled { return }
                failures += 1
                trouble("notifications cannot be heard", error)
                try? await clock.sleep(for: randomness.jittered(configuration.retry.ceiling(failures: failures)))
            }
        }
    }

    private func listenOnce(_ didConnect: () -> Void) async throws {
        try await store.queue.listen {
            didConnect()
            report(.listening)
            // What was notified while nobody listened is found by looking.
            floor.wakeAll()
        } receive: { notification in
            switch notification {
            case .wake(let lane): floor.bell(of: lane).signal()
            case .cancel(let fence): floor.nudge(fence: fence)
            case .ended: break
            }
        }
    }

    private func recoverPeriodically() async {
        while !Task.isCancelled, !life.isOver {
            do {
                try await recover()
            } catch  where !Task.isCancelled {
                trouble("dead workers cannot be looked for", error)
            } catch {
                return
            }
            try? await clock.sleep(for: randomness.jittered(configuration.leaseDuration / 3))
        }
    }

    /// Takes over what dead workers left.
    func recover() async throws {
        let recoveries = try await store.queue.recoverExpired(
            policy: configuration.quarantine, spread: { [randomness] in randomness.unit() })
        guard !recoveries.isEmpty else { return }
        for recovery in recoveries {
            logger.warning(
                "taken over from a dead worker",
                metadata: ["key": "\(recovery.key)", "fence": "\(recovery.fence)", "then": "\(recovery.decision)"])
        }
        report(.recovered(recoveries))
    }

    /// Makes sure that every sweep is in the queue. Those that wait or run already keep their time.
    func registerSweeps() async throws {
        try life.check()
        try await store.queue.enqueue(
            sweeps.map { EnqueueRequest($0.key, lane: $0.lane, reason: "start", tenant: PeriodicSweep.kind) },
            onlyIdle: true)
    }
}
