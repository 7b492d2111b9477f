import PostgresClient

/// Looks from outside at a session that deploys: who stands in its way, when it takes longer than usual.
///
/// When the server has given up a wait, nothing is blocked any more, so it must be seen while it lasts. One look a
/// moment, and none at all as long as changesets follow each other quickly.
actor BlockageWatch {
    private let guardian: PostgresConnection
    private let processID: Int32
    private var begun: ContinuousClock.Instant?
    private var generation = 0
    private var latest: [BlockingSession] = []

    /// A watch over the session of `processID`, through the eyes of `guardian`.
    init(_ processID: Int32, through guardian: PostgresConnection) {
        self.processID = processID
        self.guardian = guardian
    }

    /// An attempt begins.
    func begin() {
        begun = .now
        generation += 1
        latest = []
    }

    /// The attempt has ended; gives who was seen in its way at last.
    func end() -> [BlockingSession] {
        begun = nil
        return latest
    }

    /// Looks until it is cancelled.
    func run() async {
        while (try? await Task.sleep(for: Self.interval)) != nil {
            guard let begun, begun.duration(to: .now) > Self.patience else { continue }
            let seen = generation
            guard let sessions = try? await BlockingSession.all(before: processID, seenBy: guardian), !sessions.isEmpty,
                seen == generation
            else { continue }
            latest = sessions
        }
    }

    private static let interval = Duration.milliseconds(150)
    /// Less than the shortest usual lock timeout, with time for a look.
    private static let patience = Duration.milliseconds(200)
}
