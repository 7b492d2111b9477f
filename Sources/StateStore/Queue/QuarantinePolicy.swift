/// Decides what becomes of a key whose worker died without a word.
///
/// A Swift trap cannot be caught: an object that triggers one kills the process, and would kill every process that
/// takes the object up again. So a start is counted before the work begins, and an orderly end, good or bad, sets the
/// count back. What is left is the number of deaths in a row.
///
/// A process can also be killed by others, several times in a row: so nothing is left alone for ever. It gets another chance
/// after a while, and after a longer one each time that it fails to use it.
public struct QuarantinePolicy: Sendable, Hashable {
    /// What becomes of the key.
    public enum Decision: Hashable, Sendable {
        /// It is tried again after a delay.
        case retry(after: Duration)
        /// It is left alone for so long, unless its input changes or an operator asks.
        case quarantine(for: Duration)
    }

    /// How many deaths in a row are too many.
    public let deaths: Int
    /// How long a key that has died more than once waits. Keys that died together because one of them killed the
    /// process are so set apart, and the innocent get an orderly end that clears them.
    public let suspectDelay: Duration
    /// How long a key is left alone the first time; twice as long each further time.
    public let firstQuarantine: Duration
    /// The longest that it is.
    public let longestQuarantine: Duration

    /// Makes a policy; at least one death is always allowed.
    public init(
        deaths: Int = 3, suspectDelay: Duration = .seconds(10), firstQuarantine: Duration = .seconds(60),
        longestQuarantine: Duration = .seconds(6 * 3600)
    ) {
        self.deaths = max(2, deaths)
        self.suspectDelay = suspectDelay
        self.firstQuarantine = firstQuarantine
        self.longestQuarantine = longestQuarantine
    }

    /// Decides after `starts` starts in a row of which none ended. `spread`, from 0 to 1, is a random number that
    /// sets suspects apart.
    public func decide(starts: Int, spread: Double) -> Decision {
        if starts >= deaths {
            let doublings = min(starts - deaths, 20)
            return .quarantine(for: min(firstQuarantine * (1 << doublings), longestQuarantine))
        }
        return .retry(after: starts <= 1 ? .zero : suspectDelay * min(max(spread, 0), 1))
    }
}
