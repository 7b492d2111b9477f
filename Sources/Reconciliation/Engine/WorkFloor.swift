import NIOConcurrencyHelpers
import StateStore

/// Where the workers of one engine stand: the bells of the lanes and of the passes under way, and whether it closes.
final class WorkFloor: Sendable {
    private struct State {
        var isStopping = false
        var passes: [Int64: Wakeup] = [:]
    }

    private let state = NIOLockedValueBox(State())
    private let lanes = Dictionary(uniqueKeysWithValues: Lane.allCases.map { ($0, Wakeup()) })
    private let stopped: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation) =
        AsyncStream.makeStream()

    /// Whether no new work is begun.
    var isStopping: Bool { state.withLockedValue(\.isStopping) }

    /// Begins no new work from now on.
    func stop() {
        state.withLockedValue { $0.isStopping = true }
        stopped.continuation.finish()
        wakeAll()
    }

    /// Returns when ``stop()`` was called, or the task is cancelled.
    func waitForStop() async { for await _ in stopped.stream {} }

    /// The bell of a lane.
    func bell(of lane: Lane) -> Wakeup { lanes[lane] ?? Wakeup() }

    /// Has every lane look at the queue.
    func wakeAll() { for bell in lanes.values { bell.signal() } }

    /// Has a pass ask whether it may go on; of no effect when it is not one of this engine.
    func nudge(fence: Int64) { state.withLockedValue { $0.passes[fence] }?.signal() }

    /// Enters a pass, and gives its bell.
    func enter(_ lease: Lease) -> Wakeup {
        let bell = Wakeup()
        state.withLockedValue { $0.passes[lease.fence] = bell }
        return bell
    }

    /// Forgets a pass.
    func leave(_ lease: Lease) { state.withLockedValue { $0.passes[lease.fence] = nil } }
}
