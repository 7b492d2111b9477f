/// Fetches into repositories, one after another for each. All who ask while one runs get the next one together: never one
/// that began before the question, since a push may be just behind it.
public actor FetchQueue {
    private struct Question: Hashable {
        let path: String
        let refspecs: [RefSpec]
    }

    /// A fetch that has begun.
    private struct Begun {
        let refspecs: [RefSpec]
        let time: Duration
        let task: Task<Void, any Error>
    }

    /// The newest fetch of each repository, by its path.
    private var newest: [String: Task<Void, any Error>] = [:]
    /// Those that have not begun.
    private var waiting: [Question: Task<Void, any Error>] = [:]
    /// The last one of each repository that has begun.
    private var begun: [String: Begun] = [:]
    /// How many questions were answered by a fetch that somebody else had asked for.
    private(set) var shared = 0
    private let uptime: @Sendable () -> Duration

    /// Makes a queue.
    /// - Parameter uptime: A clock that only goes forwards.
    public init(uptime: @escaping @Sendable () -> Duration = FetchQueue.sinceNow()) { self.uptime = uptime }

    /// The time that has passed since this call.
    public static func sinceNow() -> @Sendable () -> Duration {
        let start = ContinuousClock.now
        return { ContinuousClock.now - start }
    }

    /// Waits for a fetch that begins from now on, or began not long ago. Whoever is cancelled waits no longer.
    /// - Parameters:
    ///   - path: The repository that is fetched into.
    ///   - refspecs: What is fetched. Only those who ask for the same share a fetch.
    ///   - age: How long ago the fetch may have begun: as long as the question has been waiting to be asked.
    ///   - fetch: Fetches; not called when somebody else's fetch is shared.
    public func fetch(
        into path: String, _ refspecs: [RefSpec], age: Duration = .zero,
        _ fetch: @escaping @Sendable () async throws -> Void
    ) async throws {
        if age > .zero, let last = begun[path], last.refspecs == refspecs, uptime() - last.time <= age {
            shared += 1
            return try await last.task.sharedValue()
        }
        let question = Question(path: path, refspecs: refspecs)
        if let next = waiting[question] {
            shared += 1
            return try await next.sharedValue()
        }
        let before = newest[path]
        let next = Task {
            _ = await before?.result
            if let own = waiting.removeValue(forKey: question) {
                begun[path] = Begun(refspecs: refspecs, time: uptime(), task: own)
            }
            try await fetch()
        }
        (newest[path], waiting[question]) = (next, next)
        try await next.sharedValue()
    }
}
