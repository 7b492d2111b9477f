/// Decides whether, and when, a pass of the engine or a request that failed is tried again.
///
/// - *transient*: exponential backoff with full jitter, so that a crowd that failed together comes back scattered. When a
///   server said how long to wait, that long.
/// - *conflict*: at once, for the world moved and is to be looked at again; with backoff when it keeps moving.
/// - *stalled*: not at all; a change of the input or the periodic look enqueues the key.
public struct RetryPolicy: Sendable, Hashable {
    /// What is done about a failure.
    public enum Decision: Hashable, Sendable {
        /// Tried again after a delay.
        case again(after: Duration)
        /// Not tried again until the input changes.
        case never
    }

    /// The longest delay after the first failure.
    public var base: Duration
    /// The longest delay after any failure.
    public var cap: Duration
    /// How many conflicts in a row are tried again at once.
    public var immediateConflicts: Int

    /// Makes a policy.
    public init(base: Duration = .seconds(1), cap: Duration = .seconds(300), immediateConflicts: Int = 5) {
        self.base = base
        self.cap = cap
        self.immediateConflicts = immediateConflicts
    }

    /// Decides after `failures` failures in a row, the present one included.
    public func decide(_ error: SluiceError, failures: Int, randomness: Randomness) -> Decision {
        switch error.kind {
        case .stalled: .never
        case .conflict where failures <= immediateConflicts: .again(after: .zero)
        case .conflict: .again(after: backoff(failures: failures - immediateConflicts, randomness))
        case .transient:
            // A little later than asked, never earlier, and not all at the same moment.
            .again(
                after: error.retryAfter.map { $0 + .milliseconds(500) * randomness.unit() }
                    ?? backoff(failures: failures, randomness))
        }
    }

    /// The longest delay after `failures` failures in a row.
    public func ceiling(failures: Int) -> Duration {
        // The exponent is bounded: 2^30 times any base worth configuring is beyond any cap.
        min(cap, base * Double(1 << min(max(failures - 1, 0), 30)))
    }

    private func backoff(failures: Int, _ randomness: Randomness) -> Duration {
        ceiling(failures: failures) * randomness.unit()
    }
}
