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
/// A lease also counts as lost when no heartbeat got through for as long as it lasts: by then another worker may have the
/// key, and a worker that cannot ask must not go on. Measured on the monotonic clock.
struct LeaseKeeper {
    let queue: WorkQueue
    let lease: Lease
    let configuration: EngineConfiguration
    let clock: any Clock<Duration>
    let life: Life
    let logger: Logger
    /// Signalled when there is reason to ask at once: a notification that the pass is to stop.
    let nudge: Wakeup

    /// Beats until its task is cancelled. `stop` is called once, with the first reason to stop.
    func run(stop: @Sendable (StopReason) -> Void) async {
        let clock = ContinuousClock()
        var lastBeat = clock.now
        var hasStopped = false
        while !Task.isCancelled, !life.isOver {
            await nudge.wait(atMost: configuration.heartbeatInterval, on: self.clock)
            if Task.isCancelled || life.isOver { return }
            var reason: StopReason?
            do {
                let began = clock.now
                switch try await queue.heartbeat(lease, leaseFor: configuration.leaseDuration) {
                case .held: break
                case .cancelRequested(let text): reason = .cancelRequested(text)
                case .lost: reason = .leaseLost
                }
                lastBeat = began
            } catch {
                if Task.isCancelled { return }
                logger.warning("a heartbeat failed: \(SluiceError(wrapping: error))")
                if lastBeat.duration(to: clock.now) >= configuration.leaseDuration { reason = .leaseLost }
            }
            guard let reason else { continue }
            if !hasStopped { stop(reason) }
            hasStopped = true
            if reason == .leaseLost { return }
        }
    }
}
