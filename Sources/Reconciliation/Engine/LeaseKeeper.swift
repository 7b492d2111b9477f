import Diagnostics
import Logging
import NIOConcurrencyHelpers
import StateStore

/// Why a pass is to stop before its end.
enum StopReason: Hashable, Sendable {
    /// Somebody asked for it.
    case cancelRequested(String)
    /// Another worker has the key, or must be taken to have it.
    case leaseLost
}

/// Keeps a lease alive while its pass goes on, and says when the pass must stop.
///
/// A lease also counts as lost when no heartbeat got through for as long as it lasts, whether the store refuses or hangs: by then
/// another worker may have the key, and a worker that cannot ask must not go on. Measured on the monotonic clock.
struct LeaseKeeper {
    let queue: WorkQueue
    let lease: Lease
    let configuration: EngineConfiguration
    let clock: any Clock<Duration>
    let life: Life
    let logger: Logger
    /// Signalled when there is reason to ask at once: a notification that the pass is to stop.
    let nudge: Wakeup

    private struct State {
        var lastBeat = ContinuousClock.now
        var hasStopped = false
    }

    /// Beats until its task is cancelled. `stop` is called once, with the first reason to stop.
    func run(stop: @escaping @Sendable (StopReason) -> Void) async {
        let state = NIOLockedValueBox(State())
        let stopOnce: @Sendable (StopReason) -> Void = { reason in
            let isFirst = state.withLockedValue { state in
                defer { state.hasStopped = true }
                return !state.hasStopped
            }
            if isFirst { stop(reason) }
        }
        await withDiscardingTaskGroup { group in
            group.addTask { await watch(state, stopOnce) }
            await beat(state, stopOnce)
            group.cancelAll()
        }
    }

    private func beat(_ state: NIOLockedValueBox<State>, _ stop: @Sendable (StopReason) -> Void) async {
        while !Task.isCancelled, !life.isOver {
            await nudge.wait(atMost: configuration.heartbeatInterval, on: clock)
            if Task.isCancelled || life.isOver { return }
            do {
                let began = ContinuousClock.now
                let found = try await queue.heartbeat(lease, leaseFor: configuration.leaseDuration)
                state.withLockedValue { $0.lastBeat = began }
                switch found {
                case .held: break
                case .cancelRequested(let text): stop(.cancelRequested(text))
                case .lost: return stop(.leaseLost)
                }
            } catch {
                if Task.isCancelled { return }
                logger.warning("a heartbeat failed: \(SluiceError(wrapping: error))")
            }
        }
    }

    /// Waits until no heartbeat got through for as long as the lease lasts. One that was late, as after a standstill of the
    /// process, is asked for once more: perhaps nobody has taken the key.
    private func watch(_ state: NIOLockedValueBox<State>, _ stop: @Sendable (StopReason) -> Void) async {
        let grace = configuration.leaseDuration / 5
        while !Task.isCancelled {
            let beat = state.withLockedValue(\.lastBeat)
            let rest = configuration.leaseDuration - grace - beat.duration(to: .now)
            try? await clock.sleep(for: max(rest, .zero))
            guard state.withLockedValue(\.lastBeat) == beat else { continue }
            nudge.signal()
            try? await clock.sleep(for: grace)
            if !Task.isCancelled, state.withLockedValue(\.lastBeat) == beat { return stop(.leaseLost) }
        }
    }
}
