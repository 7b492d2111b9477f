public import Foundation

/// The clocks of the client, so that a test can say what time it is.
public struct OutboundTime: Sendable {
    /// The time since a fixed moment, on a clock that is never set.
    public let monotonic: @Sendable () -> Duration
    /// The time of day.
    public let date: @Sendable () -> Date
    /// Waits.
    public let sleep: @Sendable (Duration) async throws -> Void

    /// Makes clocks.
    public init(
        monotonic: @escaping @Sendable () -> Duration, date: @escaping @Sendable () -> Date,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.monotonic = monotonic
        self.date = date
        self.sleep = sleep
    }

    /// The system's clocks.
    public static func live() -> OutboundTime {
        let start = ContinuousClock.now
        return OutboundTime(
            monotonic: { ContinuousClock.now - start }, date: { Date() }, sleep: { try await Task.sleep(for: $0) })
    }
}
