/// How much may come in a time: so many at once, and so many a second after that. A value; the time is brought along.
public struct TokenBucket: Hashable, Sendable {
    /// How many a second, in the long run.
    public let rate: Double
    /// How many at once.
    public let burst: Double
    private var tokens: Double
    private var last: Duration = .zero

    /// Makes a full bucket; of numbers that mean nothing the smallest that do are taken.
    public init(rate: Double, burst: Double) {
        self.rate = rate.isFinite ? max(rate, 0.001) : 0.001
        self.burst = burst.isFinite ? max(burst, 1) : 1
        tokens = self.burst
    }

    /// Takes one. Nil when there was one; else how long to wait until there is.
    /// - Parameter now: The time since some moment that stays the same.
    public mutating func take(now: Duration) -> Duration? {
        if now > last {
            tokens = min(burst, tokens + (now - last) / .seconds(1) * rate)
            last = now
        }
        guard tokens < 1 else {
            tokens -= 1
            return nil
        }
        return .seconds((1 - tokens) / rate)
    }
}
