/// Keeps requests from a host that does not answer.
///
/// Pure: it is told the time and what happened. Times are durations since any fixed moment of a monotonic clock.
///
///     closed ──(failures in a row reach the threshold)──▶ open ──(the pause is over, one request goes)──▶ half-open
///       ▲                                                  ▲                                                │
///       │                                                  └──────────(it failed: a longer pause)───────────┤
///       └──────────────────────────────────(it succeeded)──────────────────────────────────────────────────┘
public struct CircuitBreaker: Hashable, Sendable {
    /// How it stands.
    public enum State: Hashable, Sendable {
        /// Requests go. Can become: open.
        case closed(failures: Int)
        /// No request goes before that time. Can become: half-open.
        case open(until: Duration, openings: Int)
        /// One request is finding out. Can become: closed, open.
        case halfOpen(openings: Int)
    }

    /// What is said to a request.
    public enum Admission: Hashable, Sendable {
        /// It may go, and its outcome is to be told.
        case admitted
        /// It must not go; worth asking again after that time.
        case refused(retryAfter: Duration)
    }

    /// How it stands.
    public private(set) var state = State.closed(failures: 0)
    /// After how many failures in a row it opens.
    public let threshold: Int
    /// The first pause. Each further one is twice as long.
    public let pause: Duration
    /// The longest pause.
    public let longestPause: Duration

    /// Makes a closed one.
    public init(threshold: Int = 5, pause: Duration = .seconds(15), longestPause: Duration = .seconds(300)) {
        self.threshold = max(1, threshold)
        self.pause = pause
        self.longestPause = longestPause
    }

    /// Asks whether a request may go.
    public mutating func admit(at now: Duration) -> Admission {
        switch state {
        case .closed: return .admitted
        case .halfOpen: return .refused(retryAfter: .seconds(1))
        case .open(let until, _) where now < until: return .refused(retryAfter: until - now)
        case .open(_, let openings):
            state = .halfOpen(openings: openings)
            return .admitted
        }
    }

    /// The host answered.
    public mutating func succeeded() { state = .closed(failures: 0) }

    /// The host did not answer, or answered that it is in trouble.
    public mutating func failed(at now: Duration) {
        switch state {
        case .closed(let failures) where failures + 1 < threshold: state = .closed(failures: failures + 1)
        case .closed: open(at: now, openings: 1)
        case .halfOpen(let openings): open(at: now, openings: openings + 1)
        // What was on its way when it opened says nothing new.
        case .open: break
        }
    }

    /// An admitted request was given up before it had an outcome.
    public mutating func abandoned(at now: Duration) {
        if case .halfOpen(let openings) = state { state = .open(until: now, openings: openings) }
    }

    private mutating func open(at now: Duration, openings: Int) {
        let length = min(longestPause, pause * Double(1 << min(openings - 1, 20)))
        state = .open(until: now + length, openings: openings)
    }
}
