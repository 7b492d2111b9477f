import Diagnostics
import Foundation
import Logging
import Reconciliation
import ServiceLifecycle
import StateStore

/// Handles webhooks that were kept: at once when this process kept one, every few seconds for those that another process
/// kept and did not come to handle.
struct DeliveryHandling: Service {
    /// What keeps webhooks, and wakes the handling.
    let intake: DeliveryIntake
    private let keeper: DesiredStateKeeper
    private let origin: DesiredStateOrigin?
    private let store: StateStore
    private let logger: Logger
    private let bell: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation

    private static let interval = Duration.seconds(5)

    init(keeper: DesiredStateKeeper, origin: DesiredStateOrigin?, store: StateStore, logger: Logger) {
        self.keeper = keeper
        self.origin = origin
        self.store = store
        self.logger = logger
        // Rung often while something is handled, it counts once.
        let (bell, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        (self.bell, self.ring) = (bell, ring)
        intake = DeliveryIntake(pool: store.pool) { ring.yield() }
    }

    func run() async throws {
        ring.yield()
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask {
                    while (try? await ContinuousClock().sleep(for: Self.interval)) != nil { ring.yield() }
                }
                group.addTask {
                    var untrimmed = 0
                    for await _ in bell { untrimmed = await handle(after: untrimmed) }
                }
            }
        }
    }

    /// Handles what waits. Bodies are trimmed while many come, not only on the timer: what is kept of them is bounded by
    /// number and by bytes, and never by how fast they come.
    ///
    /// - Parameter untrimmed: How many were handled since bodies were trimmed last.
    /// - Returns: The same afterwards.
    private func handle(after untrimmed: Int) async -> Int {
        var untrimmed = untrimmed
        do {
            while !Task.isCancelled {
                let routing = try await DeliveryRouting(keeper, origin, store)
                let count = try await store.deliveries.handleWaiting(routing.decide)
                guard count > 0 else { break }
                untrimmed += count
                guard untrimmed >= Self.trimInterval else { continue }
                untrimmed = 0
                try await store.deliveries.purge()
            }
        } catch {
            logger.warning("webhooks could not be handled, they wait: \(SluiceError(wrapping: error))")
        }
        return untrimmed
    }

    /// After how many deliveries bodies are trimmed.
    private static let trimInterval = 500

    /// Drops what is kept of webhooks beyond its time.
    static func retention(_ store: StateStore) -> PeriodicSweep {
        PeriodicSweep("deliveries", every: .seconds(600)) { _, _ in
            var count = 0
            while case let touched = try await store.deliveries.purge(), touched > 0 { count += touched }
            return .ready("\(count) old deliveries were dropped or emptied")
        }
    }
}

/// Where a path of this machine really leads to.
enum RepositoryPath {
    static func resolved(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path(percentEncoded: false)
    }
}
