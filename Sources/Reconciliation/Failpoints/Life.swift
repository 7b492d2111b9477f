import NIOConcurrencyHelpers

/// The life of one engine as if it were a process: after a simulated crash nothing in it can act any more.
///
/// Everything that the engine records or releases asks here first, so that a `catch` or a `defer` on the way out of a
/// crash finds its hands tied, as in a process that was killed.
final class Life: Sendable {
    private let failpoints: any Failpoints
    private let crash = NIOLockedValueBox<SimulatedCrash?>(nil)

    init(failpoints: any Failpoints) { self.failpoints = failpoints }

    /// Whether it is over.
    var isOver: Bool { crash.withLockedValue { $0 != nil } }

    /// Throws when it is over.
    func check() throws {
        if let crash = crash.withLockedValue(\.self) { throw crash }
    }

    /// Gets to a failpoint.
    func reach(_ point: String) async throws {
        try check()
        do {
            try await failpoints.reached(point)
        } catch let error as SimulatedCrash {
            crash.withLockedValue { $0 = $0 ?? error }
            throw error
        }
    }
}
