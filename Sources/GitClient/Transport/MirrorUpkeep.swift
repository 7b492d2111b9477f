import Diagnostics
public import Logging

/// Compacts mirrors that were fetched into often: every fetch leaves a pack or loose objects, and what was forced away or closed
/// leaves its own.
///
/// It works beside whatever reads and fetches, one mirror at a time, and nobody waits for it.
public actor MirrorUpkeep {
    private let interval: Int
    private let logger: Logger
    private var fetches: [String: Int] = [:]
    private var isWorking = false

    /// Makes the upkeep.
    /// - Parameter interval: After how many fetches into it a mirror is compacted.
    public init(interval: Int = 200, logger: Logger) {
        self.interval = max(1, interval)
        self.logger = logger
    }

    /// Notes a fetch, and compacts the mirror when there were enough of them since the last time.
    /// - Returns: Whether it was compacted.
    @discardableResult
    public func fetched(into path: String, by transport: GitTransport) async -> Bool {
        fetches[path, default: 0] += 1
        guard !isWorking, fetches[path, default: 0] >= interval else { return false }
        isWorking = true
        defer { isWorking = false }
        fetches[path] = 0
        do {
            try await transport.compact(path)
            return true
        } catch {
            // Nothing depends on it; it is tried again after as many fetches.
            logger.warning("a mirror could not be compacted: \(String(reflecting: SluiceError(wrapping: error)))")
            return false
        }
    }
}
