import Diagnostics

/// When an attempt that failed is repeated: the schedule of the Standard Webhooks specification.
enum AttemptSchedule {
    /// The delay after each failed attempt. After one more the notice is given up.
    static let delays: [Duration] = [
        .seconds(5), .seconds(300), .seconds(1800), .seconds(7200), .seconds(18_000), .seconds(36_000),
        .seconds(50_400), .seconds(72_000), .seconds(86_400),
    ]

    /// How long nothing else is tried at most after an attempt failed.
    static let longestPause = Duration.seconds(300)

    /// The delay until the next attempt; nil when there is none.
    /// - Parameters:
    ///   - failures: How many attempts have failed, the present one included.
    ///   - asked: How long the receiver asks us to wait. One that does is alive, and its notices are not given up.
    static func delay(afterFailures failures: Int, asked: Duration?, randomness: Randomness) -> Duration? {
        let index = max(failures, 1) - 1
        guard let usual = index < delays.count ? delays[index] : asked.flatMap({ _ in delays.last }) else { return nil }
        let delay = randomness.jittered(usual)
        return asked.map { max($0, min(delay, longestPause)) } ?? delay
    }
}
