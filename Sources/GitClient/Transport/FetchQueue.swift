/// Fetches into repositories, one after another for each. All who ask while one runs get the next one together: never one
/// that began before the question, since a push may be just behind it.
public actor FetchQueue {
    private struct Question: Hashable {
        let path: String
        let refspecs: [RefSpec]
    }

    /// The newest fetch of each repository, by its path.
    private var newest: [String: Task<Void, any Error>] = [:]
    /// Those that have not begun.
    private var waiting: [Question: Task<Void, any Error>] = [:]
    /// How many questions were answered by a fetch that somebody else had asked for.
    private(set) var shared = 0

    /// Makes a queue.
    public init() {}

    /// Waits for a fetch that begins from now on.
    /// - Parameters:
    ///   - path: The repository that is fetched into.
    ///   - refspecs: What is fetched. Only those who ask for the same share a fetch.
    ///   - fetch: Fetches; not called when somebody else's fetch is shared.
    public func fetch(
        into path: String, _ refspecs: [RefSpec], _ fetch: @escaping @Sendable () async throws -> Void
    ) async throws {
        let question = Question(path: path, refspecs: refspecs)
        if let next = waiting[question] {
            shared += 1
            return try await next.value
        }
        let before = newest[path]
        let next = Task {
            _ = await before?.result
            waiting[question] = nil
            try await fetch()
        }
        (newest[path], waiting[question]) = (next, next)
        try await next.value
    }
}
