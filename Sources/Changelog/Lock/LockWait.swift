import Diagnostics

/// The waiting for a lock that somebody else has: often at first, then less so, until the time is over.
struct LockWait {
    private let limit: Duration
    private let longest: Duration
    private let deadline: ContinuousClock.Instant
    private var next = Duration.milliseconds(20)

    init(_ options: DeployerOptions) {
        limit = options.lockWait
        longest = options.lockPoll
        deadline = ContinuousClock.now + options.lockWait
    }

    /// Waits for a while.
    ///
    /// - Parameter holder: Who has the lock, for the error.
    /// - Throws: `SluiceError` `changelog.locked` when the time is over.
    mutating func pause(holder: () async throws -> String?) async throws {
        let left = deadline - ContinuousClock.now
        guard left > .zero else {
            throw SluiceError(
                "changelog.locked", .transient,
                "another update works on this database, and it did not end within \(limit)",
                hint: "when nothing works there any more, release-locks gives the lock back",
                detail: try await holder())
        }
        try await Task.sleep(for: min(next, left))
        next = min(next * 2, max(longest, .milliseconds(1)))
    }
}
