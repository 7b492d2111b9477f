import ConfigRepository
import Diagnostics
import Logging
import ServiceLifecycle
import StateStore
import UnixSignals

/// Has the source of desired state looked at when SIGHUP comes.
struct DesiredStateWatch: Service {
    let store: StateStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in await UnixSignalsSequence(trapping: .sighup) {
                logger.notice("SIGHUP: reading desired state")
                do {
                    try await store.queue.enqueue(
                        EnqueueRequest(
                            Configuration.key, lane: .observe, reason: "SIGHUP", priority: 10, liftsQuarantine: true))
                } catch {
                    logger.warning("the store of desired state is out of reach: \(SluiceError(wrapping: error))")
                }
            }
        }
    }
}
