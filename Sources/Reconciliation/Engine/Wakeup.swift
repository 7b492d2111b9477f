import NIOConcurrencyHelpers

/// A bell for one waiter: rung while nobody waits, the next wait returns at once; rung often, it counts once.
final class Wakeup: Sendable {
    private struct State {
        var isRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = NIOLockedValueBox(State())

    /// Rings.
    func signal() {
        let waiter = state.withLockedValue { state in
            defer { state.waiter = nil }
            state.isRung = state.waiter == nil
            return state.waiter
        }
        waiter?.resume()
    }

    /// Waits for the bell, for a time to pass, or for the task to be cancelled, whichever comes first.
    func wait(atMost duration: Duration, on clock: any Clock<Duration>) async {
        let timer = Task {
            try? await clock.sleep(for: duration)
            if !Task.isCancelled { self.signal() }
        }
        defer { timer.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLockedValue { state in
                    if state.isRung || Task.isCancelled {
                        state.isRung = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            signal()
        }
    }
}
