import PostgresClient
import Synchronization

/// Looks from outside at a session that deploys: who stands in its way, when it takes longer than usual.
///
/// When the server has given up a wait, nothing is blocked any more, so it must be seen while it lasts. One look a
/// moment, and none at all as long as changesets follow each other quickly.
final class BlockageWatch: Sendable {
    private struct State {
        var begun: ContinuousClock.Instant?
        var generation = 0
        var latest: [BlockingSession] = []
    }

    private let guardian: PostgresConnection
    private let processID: Int32
    private let state = Mutex(State())

    /// A watch over the session of `processID`, through the eyes of `guardian`.
    init(_ processID: Int32, through guardian: PostgresConnection) {
        self.processID = processID
        self.guardian = guardian
    }

    /// An attempt begins.
    func begin() {
        state.withLock { $0 = State(begun: .now, generation: $0.generation + 1) }
    }

    /// The attempt has ended; gives who was seen in its way at last.
    func end() -> [BlockingSession] {
        state.withLock {
            $0.begun = nil
            return $0.latest
        }
    }

    /// Looks until it is cancelled.
    func run() async {
        while (try? await Task.sleep(for: Self.interval)) != nil {
            let (begun, generation) = state.withLock { ($0.begun, $0.generation) }
            guard let begun, begun.duration(to: .now) > Self.patience,
                let sessions = try? await BlockingSession.all(before: processID, seenBy: guardian), !sessions.isEmpty
            else { continue }
            state.withLock { if $0.generation == generation { $0.latest = sessions } }
        }
    }

    private static let interval = Duration.milliseconds(150)
    /// Less than the shortest usual lock timeout, with time for a look.
    private static let patience = Duration.milliseconds(200)
}
