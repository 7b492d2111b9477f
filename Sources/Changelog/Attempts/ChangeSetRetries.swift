/// When a changeset is tried again that met a lock, a deadlock or a serialization failure.
public struct ChangeSetRetries: Sendable, Hashable {
    /// How often it is tried at most, the first time included.
    public var attempts: Int
    /// After how long it is not tried again.
    public var patience: Duration

    /// Makes a policy.
    public init(attempts: Int = 10, patience: Duration = .seconds(120)) {
        self.attempts = attempts
        self.patience = patience
    }

    /// Nothing is tried again.
    public static let none = ChangeSetRetries(attempts: 1, patience: .zero)

    /// Whether an error may pass by itself, when others have done what they do: lock not available, deadlock detected,
    /// serialization failure.
    static func canPass(_ sqlState: String?) -> Bool { ["55P03", "40P01", "40001"].contains(sqlState) }

    /// How long to wait before the next attempt, with full jitter; nil when there is none.
    ///
    /// - Parameters:
    ///   - attempt: The number of the attempt that failed, from 1.
    ///   - elapsed: The time since the first one began.
    ///   - chance: A random number from 0 to 1.
    func pause(after attempt: Int, elapsed: Duration, chance: Double) -> Duration? {
        guard attempt < attempts, elapsed < patience else { return nil }
        let ceiling = min(Self.longest, Self.first * Double(1 << min(max(0, attempt - 1), 20)))
        return min(ceiling * min(1, max(0, chance)), patience - elapsed)
    }

    private static let first = Duration.milliseconds(250)
    private static let longest = Duration.seconds(20)
}
